package dev.sweeprunner.claim;

import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.Json;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.run.Failure;
import dev.sweeprunner.run.FailureClass;
import dev.sweeprunner.run.Finish;
import dev.sweeprunner.run.LogSummary;
import dev.sweeprunner.run.Origin;
import dev.sweeprunner.run.Owner;
import dev.sweeprunner.run.OwnerForm;
import dev.sweeprunner.run.PublishedCheckpoint;
import dev.sweeprunner.run.RecordType;
import dev.sweeprunner.run.ReleaseReason;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The JSON form of {@link LogRecord}, version 1, at most 2 KiB: words for people are cut until it
 * fits.
 *
 * <p>Unknown members are ignored; a newer version is refused.
 */
final class RecordJson {
  /** Version of records and of the protocol. */
  static final int VERSION = 1;

  /** The most bytes a record may have: one write, one block. */
  static final int MAX_BYTES = 2048;

  private static final int[] WORD_LIMITS = {500, 250, 120, 60, 30, 12};
  private static final int MAX_HOSTS = 8;
  private static final String SLURM = "slurm";
  private static final String CLUSTER = "cluster";

  private RecordJson() {}

  static byte[] encode(LogRecord record) {
    byte[] bytes = {};
    for (int limit : WORD_LIMITS) {
      bytes = Json.bytes(new Encoder(limit).record(record));
      if (bytes.length <= MAX_BYTES) {
        return bytes;
      }
    }
    throw new IllegalArgumentException("a record of " + bytes.length + " bytes");
  }

  static LogRecord decode(byte[] bytes) throws UnreadableRecord {
    try {
      Fields in = Fields.of(bytes);
      checkVersion(in);
      return record(in);
    } catch (UnreadableJson e) {
      throw new UnreadableRecord(String.valueOf(e.getMessage()));
    } catch (DateTimeException e) {
      throw new UnreadableRecord("bad wall_utc");
    }
  }

  private static LogRecord record(Fields in) throws UnreadableJson {
    Fields body = in.object("body");
    return new LogRecord(
        in.integer("slot"),
        in.choice(RecordType.class, "type"),
        known(in, "token"),
        owner(in),
        Instant.parse(in.text("wall_utc")),
        in.textOr("prev_sha256", ""),
        in.text("config_sha256"),
        in.integer("epoch"),
        effect(body),
        summary(in.object("fold")));
  }

  /** A text that is not empty. */
  private static String known(Fields in, String name) throws UnreadableJson {
    String text = in.text(name);
    if (text.isEmpty()) {
      throw new UnreadableJson("an empty " + name);
    }
    return text;
  }

  static void checkVersion(Fields in) throws UnreadableRecord, UnreadableJson {
    long version = in.number("v");
    if (version > VERSION) {
      throw new UnreadableRecord(
          "written by a newer version of the program (v " + version + ")", true);
    }
  }

  private static LogRecord.Effect effect(Fields body) throws UnreadableJson {
    Fields finish = body.objectOrNull("finish");
    return new LogRecord.Effect(
        body.textOrNull("reason") == null ? null : body.choice(ReleaseReason.class, "reason"),
        body.textOr("detail", ""),
        finish == null
            ? null
            : new Finish(
                finish.number("iter"),
                finish.text("checkpoint"),
                finish.text("manifest_sha256"),
                finish.text("journal_sha256"),
                finish.number("rows")));
  }

  /** In a record, cluster and Slurm task stand beside the owner. */
  private static Owner owner(Fields in) throws UnreadableJson {
    Map<String, @Nullable Object> whole = new LinkedHashMap<>(in.object("owner").members());
    for (String name : List.of(SLURM, CLUSTER)) {
      whole.put(name, in.members().get(name));
    }
    known(in.object("owner"), "incarnation");
    return OwnerForm.CLAIM.owner(new Fields(whole));
  }

  private static LogSummary summary(Fields fold) throws UnreadableJson {
    Fields failure = fold.objectOrNull("last_fail");
    Fields checkpoint = fold.objectOrNull("ckpt");
    return new LogSummary(
        fold.integer("attempts"),
        fold.integer("failures"),
        fold.integer("deaths"),
        fold.integer("config_errors"),
        fold.members().containsKey("failed_starts") ? fold.integer("failed_starts") : 0,
        fold.texts("bad_hosts"),
        checkpoint == null ? null : checkpoint(checkpoint),
        failure == null
            ? null
            : new Failure(
                failure.choice(FailureClass.class, "class"),
                failure.textOr("msg", ""),
                failure.textOr("host", "")),
        fold.flag("progressed"));
  }

  private static PublishedCheckpoint checkpoint(Fields in) throws UnreadableJson {
    return new PublishedCheckpoint(
        in.number("iter"),
        in.integer("epoch"),
        in.text("name"),
        in.text("manifest_sha256"),
        in.flag("permanent"),
        in.number("from"),
        in.text("part"),
        in.text("part_sha256"),
        in.number("part_rows"),
        origin(in.objectOrNull("imported")));
  }

  private static @Nullable Origin origin(@Nullable Fields in) throws UnreadableJson {
    return in == null ? null : new Origin(in.text("file"), in.number("iter"));
  }

  /** Writes with words cut to {@code limit} characters. */
  private record Encoder(int limit) {
    Map<String, Object> record(LogRecord record) {
      Map<String, Object> out = new LinkedHashMap<>();
      out.put("v", VERSION);
      out.put("slot", record.slot());
      out.put("type", record.type());
      out.put("token", record.token());
      putOwner(out, record.owner());
      out.put("wall_utc", record.written());
      out.put("prev_sha256", record.previousSha256());
      out.put("config_sha256", record.configSha256());
      out.put("epoch", record.epoch());
      out.put("body", body(record));
      out.put("fold", fold(record.summary()));
      return out;
    }

    private void putOwner(Map<String, Object> out, Owner owner) {
      Map<String, @Nullable Object> members = OwnerForm.CLAIM.members(owner, this::cut);
      Object cluster = members.remove(CLUSTER);
      out.put("owner", members);
      if (members.remove(SLURM) instanceof Map<?, ?> task) {
        task.values().removeIf(Objects::isNull);
        task.remove("controller", "");
        out.put(SLURM, task);
      }
      putUnlessNull(out, CLUSTER, cluster);
    }

    private Map<String, Object> body(LogRecord record) {
      Map<String, Object> out = new LinkedHashMap<>();
      LogRecord.Effect effect = record.effect();
      putUnlessNull(out, "reason", effect.reason());
      if (!effect.detail().isEmpty()) {
        out.put("detail", cut(effect.detail()));
      }
      Finish finish = effect.finish();
      if (finish != null) {
        Map<String, Object> end = new LinkedHashMap<>();
        end.put("iter", finish.iter());
        end.put("checkpoint", finish.checkpoint());
        end.put("manifest_sha256", finish.manifestSha256());
        end.put("journal_sha256", finish.journalSha256());
        end.put("rows", finish.rows());
        out.put("finish", end);
      }
      return out;
    }

    private Map<String, Object> fold(LogSummary summary) {
      Map<String, Object> out = new LinkedHashMap<>();
      out.put("attempts", summary.attempts());
      out.put("failures", summary.failures());
      out.put("deaths", summary.deaths());
      out.put("config_errors", summary.configErrors());
      if (summary.failedStarts() > 0) {
        out.put("failed_starts", summary.failedStarts());
      }
      List<String> hosts = summary.badHosts().stream().limit(MAX_HOSTS).map(this::cut).toList();
      out.put("bad_hosts", hosts);
      PublishedCheckpoint checkpoint = summary.checkpoint();
      if (checkpoint != null) {
        out.put("ckpt", checkpoint(checkpoint));
      }
      Failure failure = summary.lastFailure();
      if (failure != null) {
        Map<String, Object> last = new LinkedHashMap<>();
        last.put("class", failure.kind());
        last.put("msg", cut(failure.message()));
        last.put("host", cut(failure.host()));
        out.put("last_fail", last);
      }
      out.put("progressed", summary.progressed());
      return out;
    }

    private static Map<String, Object> checkpoint(PublishedCheckpoint checkpoint) {
      Map<String, Object> out = new LinkedHashMap<>();
      out.put("iter", checkpoint.iter());
      out.put("epoch", checkpoint.epoch());
      out.put("name", checkpoint.name());
      out.put("manifest_sha256", checkpoint.manifestSha256());
      out.put("permanent", checkpoint.permanent());
      out.put("from", checkpoint.from());
      out.put("part", checkpoint.part());
      out.put("part_sha256", checkpoint.partSha256());
      out.put("part_rows", checkpoint.partRows());
      Origin imported = checkpoint.imported();
      if (imported != null) {
        Map<String, Object> origin = new LinkedHashMap<>();
        origin.put("file", imported.file()); // never cut: publishes are compared
        origin.put("iter", imported.iter());
        out.put("imported", origin);
      }
      return out;
    }

    private static void putUnlessNull(Map<String, Object> out, String name, @Nullable Object it) {
      if (it != null) {
        out.put(name, it);
      }
    }

    /** Never between the halves of a character outside the basic plane. */
    private String cut(String words) {
      if (words.length() <= limit) {
        return words;
      }
      int end = Character.isHighSurrogate(words.charAt(limit - 1)) ? limit - 1 : limit;
      return words.substring(0, end);
    }
  }
}
