package dev.sweeprunner.wandb.offline;

import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.json.ValueJson.Verbatim;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes offline runs to try the official {@code wandb sync} on by hand: seven rows, 3,000 rows,
 * rows with what JSON lacks, long lines with a deep config, a run that has not ended, one without
 * rows, one that a program told of. Not a test.
 *
 * <pre>
 * mvn -q test-compile dependency:build-classpath -Dmdep.outputFile=target/classpath
 * java -cp target/classes:target/test-classes:$(cat target/classpath) \
 *     dev.sweeprunner.wandb.offline.WriteOfflineRun FOLDER
 * cd FOLDER &amp;&amp; wandb sync --yes
 * </pre>
 */
public final class WriteOfflineRun {
  private static final Instant START = Instant.parse("2026-11-23T17:42:28Z");

  private WriteOfflineRun() {}

  /** Writes seven runs below the one argument's folder {@code wandb}. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0], "wandb");
    write(folder, "plain7", Map.of("lr", 0.1), WriteOfflineRun::plain);
    write(folder, "many3000", Map.of("lr", 0.1), WriteOfflineRun::many);
    write(folder, "notfinite", Map.of("lr", Double.NaN), WriteOfflineRun::notFinite);
    write(folder, "longdeep", deepConfig(), WriteOfflineRun::longLines);
    write(folder, "unended", Map.of(), records -> rows(records, 3));
    write(folder, "empty", Map.of(), records -> {});
    write(folder, "told", toldConfig(), WriteOfflineRun::told);
  }

  private static void write(
      Path folder, String id, Map<String, @Nullable Object> config, OfflineFile.Content content)
      throws IOException {
    OfflineRun run =
        new OfflineRun(
            id,
            null,
            "stub-project",
            "group ä",
            "name of " + id,
            "notes\nover two lines",
            List.of("one", "zwei"),
            "node-17",
            START,
            config);
    Path place = folder.resolve("offline-run-20261123_174228-" + id);
    OfflineFile.write(new LocalFiles(), place, "token", run, content);
  }

  private static Map<String, @Nullable Object> toldConfig() {
    String client =
        "{\"t\":{\"3\":[7,61]},\"m\":[{\"1\":\"loss\",\"5\":2,\"6\":[1]},{\"1\":\"x\"}]}";
    return Map.of("lr", new Verbatim("0.10"), "_wandb", new Verbatim(client));
  }

  private static void told(OfflineRecords records) throws IOException {
    records.metric("loss", "x", List.of(1L, 3L), List.of(2L));
    records.metric("x", null, List.of(3L), List.of());
    records.row(
        0,
        Map.of(
            "loss", new Verbatim("NaN"), "x", 5, "n", new Verbatim("{\"a\":1}"), "_runtime", 0.5));
    records.line(START, true, "oops");
    records.stats(START, Map.of("cpu", new Verbatim("16.5")));
    records.summary(Map.of("best", new Verbatim("{\"max\":0.10}"), "_step", 0));
    records.exit(0, 3);
  }

  private static void plain(OfflineRecords records) throws IOException {
    rows(records, 7);
    records.line(START, false, "trained");
    records.line(START, true, "warned");
    records.exit(0, 10);
  }

  private static void many(OfflineRecords records) throws IOException {
    rows(records, 3_000);
    records.exit(0, 4_500);
  }

  private static void rows(OfflineRecords records, int count) throws IOException {
    for (int step = 0; step < count; step++) {
      records.row(step, row(step, 1.0 / (step + 1)));
    }
  }

  private static void notFinite(OfflineRecords records) throws IOException {
    records.row(0, row(0, Double.NaN));
    records.row(1, row(1, Double.POSITIVE_INFINITY));
    records.row(2, row(2, Double.NEGATIVE_INFINITY));
    records.row(5, row(5, -0.0));
    records.row(6, row(6, Double.MIN_VALUE));
    records.row(7, row(7, Double.NaN));
    records.exit(1, 10);
  }

  private static void longLines(OfflineRecords records) throws IOException {
    rows(records, 2);
    records.line(START, false, "x".repeat(100_000));
    records.line(START, false, "ä€😀\t\"quoted\" \\ \u001b[31mred\u001b[0m");
    records.line(START, false, "");
    records.exit(0, 10);
  }

  private static Map<String, @Nullable Object> deepConfig() {
    Map<String, @Nullable Object> deep = new LinkedHashMap<>();
    deep.put("none", null);
    deep.put("list", Arrays.asList(1, null, "drei", Map.of("vier", List.of(5))));
    for (int i = 0; i < 6; i++) {
      deep = new LinkedHashMap<>(Map.of("level" + i, deep, "größe", 1e-20));
    }
    deep.put("a.b", "😀");
    deep.put("big", "y".repeat(70_000));
    return deep;
  }

  private static Map<String, Object> row(int step, double loss) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("train/loss", loss);
    row.put("lr", 6e-4);
    row.put("iter", step);
    row.put("_runtime", step * 1.5);
    row.put("_timestamp", START.getEpochSecond() + step * 1.5);
    return row;
  }
}
