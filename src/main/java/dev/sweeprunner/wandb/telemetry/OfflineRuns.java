package dev.sweeprunner.wandb.telemetry;

import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.Claims;
import dev.sweeprunner.run.Ledger;
import dev.sweeprunner.run.Ledgers;
import dev.sweeprunner.run.RecordType;
import dev.sweeprunner.run.Row;
import dev.sweeprunner.run.TrackedRun;
import dev.sweeprunner.wandb.api.RunUpsert;
import dev.sweeprunner.wandb.offline.OfflineFile;
import dev.sweeprunner.wandb.offline.OfflineRecords;
import dev.sweeprunner.wandb.offline.OfflineRun;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes the file of a finished run for the official {@code wandb sync}: one per run, with all its
 * rows. A file of a part would not do: sync appends whatever it is given, so that parts written by
 * workers that were killed would show steps twice.
 */
final class OfflineRuns {
  private static final DateTimeFormatter STARTED =
      DateTimeFormatter.ofPattern("uuuuMMdd_HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final int ROWS = 20_000;

  private final FileSystem files;
  private final Layout layout;
  private final RunLogs logs;
  private final Tracks tracks;

  OfflineRuns(FileSystem files, Layout layout) {
    this.files = files;
    this.layout = layout;
    this.logs = new RunLogs(files, layout);
    this.tracks = new Tracks(files, layout);
  }

  /** Where a run's file lies, or will. */
  Path folder(RunDescriptor descriptor) {
    return layout.offlineRun(STARTED.format(descriptor.started()), descriptor.key().runId());
  }

  /** Whether the file is there; one that was synced stays as it is. */
  boolean written(RunDescriptor descriptor) throws IOException {
    try {
      return files.list(folder(descriptor)).stream().anyMatch(name -> name.endsWith(".wandb"));
    } catch (NoSuchFileException absent) {
      return false;
    }
  }

  /**
   * Writes the file unless it is there.
   *
   * @param epoch the newest claim
   * @param entity whose run it is; null leaves that to the key with which it is synced
   */
  void write(RunDescriptor descriptor, int epoch, @Nullable String entity, Ledger ledger)
      throws IOException {
    if (written(descriptor)) {
      return;
    }
    Tracks beside = tracks.beside(descriptor.key());
    for (String name : tracks.sides(descriptor.key(), epoch)) {
      RunDescriptor side = descriptor.beside(name);
      TrackedRun told = beside.run(side.key(), epoch).orElse(TrackedRun.UNSAID);
      if (!written(side)) {
        write(side, beside, epoch, entity, told, records -> sideRows(beside, side, epoch, records));
      }
    }
    TrackedRun run = tracks.run(descriptor.key(), epoch).orElse(null);
    write(descriptor, tracks, epoch, entity, run, records -> rows(ledger, records));
  }

  /** Writes rows; the runtime of the last one, seconds. */
  private interface Rows {
    double write(OfflineRecords records) throws IOException;
  }

  private void write(
      RunDescriptor descriptor,
      Tracks told,
      int epoch,
      @Nullable String entity,
      @Nullable TrackedRun run,
      Rows rows)
      throws IOException {
    OfflineRun announced =
        announced(
            descriptor.key().runId(),
            run == null ? descriptor.upsert("", null) : descriptor.upsert("", null, run),
            entity,
            descriptor.started());
    String writer = descriptor.claimant().token().replace(':', '-');
    CargoList cargo = told.cargo(descriptor.key(), epoch);
    OfflineLoad load = OfflineLoad.placed(files, folder(descriptor), cargo, announced);
    OfflineFile.write(
        files,
        folder(descriptor),
        writer,
        announced,
        records -> {
          if (run != null) {
            OfflineProgram.define(run, records);
          }
          double runtime = rows.write(records);
          if (run == null) {
            log(descriptor, records);
          } else {
            new OfflineProgram(told, descriptor.key(), epoch).write(run, records);
          }
          load.write(records);
          records.exit(told.exit(descriptor.key(), epoch).orElse(0), (long) runtime);
        });
  }

  private static double sideRows(
      Tracks beside, RunDescriptor side, int epoch, OfflineRecords records) throws IOException {
    SideRows all = SideRows.of(beside, side.key(), epoch, true);
    double runtime = 0;
    for (List<SideRows.Row> rows = all.next(ROWS, Long.MAX_VALUE);
        !rows.isEmpty();
        rows = all.next(ROWS, Long.MAX_VALUE)) {
      for (SideRows.Row row : rows) {
        Map<String, Object> members = row.members();
        members.remove("_step");
        records.row(row.step(), members);
        runtime = row.runtime();
      }
    }
    return runtime;
  }

  private static OfflineRun announced(
      String runId, RunUpsert said, @Nullable String entity, Instant started) {
    return new OfflineRun(
        runId,
        entity,
        said.path().project(),
        said.group(),
        said.displayName(),
        said.notes(),
        said.tags() == null ? List.of() : said.tags(),
        said.jobType(),
        said.commit(),
        said.repository(),
        said.host() == null ? "" : said.host(),
        started,
        said.config() == null ? Map.of() : said.config());
  }

  /**
   * Writes the files of finished runs whose worker was killed between the end of the run and the
   * writing of its file. May be repeated.
   *
   * @throws IOException if one cannot be written; those before it are
   */
  void writeRest(
      Outbox outbox,
      String project,
      Supplier<@Nullable String> entity,
      Claims claims,
      Ledgers ledgers)
      throws IOException {
    for (String runId : outbox.waiting(project)) {
      RunDescriptor descriptor = outbox.card(project, runId).orElse(null);
      if (descriptor != null
          && !written(descriptor)
          && claims.look(descriptor.key()) instanceof ClaimState.Logged logged
          && logged.end().type() == RecordType.FINISH) {
        Ledger ledger = ledgers.of(descriptor.key(), logged.end());
        write(descriptor, logged.end().epoch(), entity.get(), ledger);
      }
    }
  }

  /** The runtime of the last one, seconds. */
  private static double rows(Ledger ledger, OfflineRecords records) throws IOException {
    double runtime = 0;
    for (long line = 0; line < ledger.lines(); line += ROWS) {
      for (Row row : ledger.read(line, Math.min(ledger.lines(), line + ROWS))) {
        Map<String, Object> members = new LinkedHashMap<>(HistoryLine.members(row));
        members.remove("_step");
        records.row(row.step(), members);
        runtime = row.wall().getOrDefault("runtime", runtime);
      }
    }
    return runtime;
  }

  private void log(RunDescriptor descriptor, OfflineRecords records) throws IOException {
    for (RunLogs.Line line : logs.of(descriptor.key())) {
      Instant when = line.when().equals(Instant.EPOCH) ? descriptor.started() : line.when();
      records.line(when, false, line.text());
    }
  }
}
