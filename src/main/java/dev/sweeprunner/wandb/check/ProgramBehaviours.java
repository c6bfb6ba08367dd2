package dev.sweeprunner.wandb.check;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.wandb.api.Described;
import dev.sweeprunner.wandb.api.RemoteRun;
import dev.sweeprunner.wandb.api.StreamChunk;
import dev.sweeprunner.wandb.api.WandbFailure;
import dev.sweeprunner.wandb.check.Behaviour.Seen;
import dev.sweeprunner.wandb.check.Scratch.Awaited;
import dev.sweeprunner.wandb.check.Scratch.Halted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a program's own run rests on, told in its words: config, page, steps, console, files, an
 * alert.
 */
final class ProgramBehaviours {
  private static final Duration COUNT = Duration.ofSeconds(30);
  private static final Map<String, @Nullable Object> CLIENT =
      Map.of(
          "_wandb",
          Map.of(
              "t",
              Map.of("12", "0.30.0"),
              "m",
              List.of(Map.of("1", "loss", "5", 2), Map.of("1", "epoch"))));
  private static final String NOTES = "notes of a check";
  private static final List<String> TAGS = List.of("check", "relay");
  private static final String FILE = "check/kept.txt";

  private final Scratch scratch;
  private final ScratchRun run;

  ProgramBehaviours(Scratch scratch) {
    this.scratch = scratch;
    this.run = scratch.run("program");
  }

  List<Behaviour> all() {
    return List.of(
        new Behaviour("what the client says of itself stays in the config", this::itself),
        new Behaviour("tags and notes are set by an upsert that names them", this::described),
        new Behaviour("an upsert leaves tags and notes that it does not name", this::left),
        new Behaviour("steps may leave numbers out; lines have their own numbers", this::steps),
        new Behaviour("a summary may be nested", this::nested),
        new Behaviour("a console line at a number takes the place of the one there", this::console),
        new Behaviour("a file that was uploaded is listed", this::file),
        new Behaviour("an alert of a run is taken", this::alert));
  }

  private Seen itself() throws WandbFailure, Halted {
    run.write(CLIENT);
    Awaited<Map<String, @Nullable Object>> read =
        scratch.await(
            Scratch.SETTLE,
            this::config,
            config -> config.get("_wandb") instanceof Map<?, ?> own && own.containsKey("m"));
    return Seen.of(read.right(), (read.right() ? "read back " : "not there ") + read.when());
  }

  private Seen described() throws WandbFailure, Halted {
    run.describe(NOTES, TAGS);
    return seen(
        scratch.await(
            Scratch.SETTLE,
            this::page,
            page -> page.tags().equals(TAGS) && page.notes().equals(NOTES)));
  }

  private Seen left() throws WandbFailure, Halted {
    run.describe(NOTES, TAGS);
    run.write(null);
    scratch.settle();
    Described page = page();
    boolean stays = page.tags().equals(TAGS) && page.notes().equals(NOTES);
    return Seen.of(stays, stays ? "they stay" : "tags " + page.tags() + ", notes " + page.notes());
  }

  private Seen steps() throws WandbFailure, Halted {
    run.lines(0, List.of(line(0), line(20), line(900)));
    Awaited<Long> count = scratch.await(COUNT, run::lineCount, lines -> lines == 3);
    Awaited<List<Long>> read =
        scratch.await(COUNT, this::readSteps, steps -> steps.equals(List.of(0L, 20L, 900L)));
    return Seen.of(
        count.right() && read.right(),
        count.answer() + " lines, steps " + read.answer() + " " + read.when());
  }

  private Seen nested() throws WandbFailure, Halted {
    run.summary("{\"nested\":{\"best\":0.5},\"iter\":1}");
    Awaited<Object> read =
        scratch.await(
            COUNT,
            () -> run.read().map(RemoteRun::summary).orElse(Map.of()).getOrDefault("nested", ""),
            value -> value instanceof Map<?, ?> map && map.containsKey("best"));
    return Seen.of(read.right(), (read.right() ? "read back " : "not there ") + read.when());
  }

  private Seen console() throws WandbFailure, Halted {
    run.console(0, List.of("first", "second"));
    run.console(1, List.of("another"));
    scratch.settle();
    long count = run.read().map(RemoteRun::logLines).orElse(-1L);
    return Seen.of(count == 2, count + " lines");
  }

  private Seen file() throws WandbFailure, Halted {
    run.file(FILE, "kept".getBytes(UTF_8));
    Awaited<Described> read =
        scratch.await(Scratch.SETTLE, this::page, page -> page.files().contains(FILE));
    return Seen.of(read.right(), (read.right() ? "listed " : "not listed ") + read.when());
  }

  private Seen alert() throws WandbFailure {
    run.post(StreamChunk.HEARTBEAT);
    Map<String, ?> alert =
        Map.of(
            "title", "wandb-check",
            "text", "Sweep Runner looks whether W&B takes alerts. Nothing is wrong.",
            "severity", "INFO",
            "waitDuration", 60_000);
    boolean taken = scratch.client().alert(run.path(), alert);
    return Seen.of(taken, taken ? "taken" : "not taken");
  }

  private static Seen seen(Awaited<Described> read) {
    return Seen.of(
        read.right(),
        read.right()
            ? "read back " + read.when()
            : "tags " + read.answer().tags() + ", notes " + read.answer().notes());
  }

  private Described page() throws WandbFailure {
    return scratch
        .client()
        .described(run.path())
        .orElseGet(() -> new Described("", List.of(), List.of()));
  }

  private Map<String, @Nullable Object> config() throws WandbFailure {
    return run.read().map(RemoteRun::config).orElse(Map.of());
  }

  private List<Long> readSteps() throws WandbFailure {
    List<Long> steps = new ArrayList<>();
    for (String line : scratch.client().history(run.path()).orElse(List.of())) {
      try {
        steps.add(Fields.of(line.getBytes(UTF_8)).number("_step"));
      } catch (UnreadableJson unreadable) {
        steps.add(-1L);
      }
    }
    return steps;
  }

  private String line(int step) {
    return "{\"loss\":1,\"_step\":"
        + (step + ",\"_runtime\":" + step)
        + (",\"_timestamp\":" + scratch.clock().now().getEpochSecond() + "}");
  }
}
