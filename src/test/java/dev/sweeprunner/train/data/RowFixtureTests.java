package dev.sweeprunner.train.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.train.TinyConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Rows are those that {@code src/test/fixtures/make_rows.py} makes from their description. They
 * must never change: a run that resumes under a later version goes on with the same rows.
 */
class RowFixtureTests {
  private static final Path ROWS = Path.of("src/test/resources/dev/sweeprunner/train/rows.tsv");
  private static final int LENGTH = 8;

  @TempDir Path folder;

  private final TinyConfig config = new TinyConfig();

  @BeforeEach
  void as_in_the_script() {
    config.vocabSize = 11;
    config.compartments = 3;
    config.batchSize = 6;
    config.accumulation = 2;
    config.maxIters = 50;
  }

  @Test
  void streams_of_compartments_are_those_of_the_reference() throws IOException {
    streams();

    assertRows("streams", 32, open()::training);
  }

  @Test
  void their_validation_rows_are_those_of_the_reference() throws IOException {
    streams();
    Evaluation evaluation = open().evaluations().get(1);

    assertRows("streams/val", 12, (row, batch) -> evaluation.fill(7, (int) row, batch));
  }

  @Test
  void interleaved_rows_are_those_of_the_reference() throws IOException {
    interleaved();

    assertRows("interleaved", 17, open()::training);
  }

  @Test
  void their_evaluation_counts_the_destinations_of_the_reference() throws IOException {
    interleaved();
    Evaluation evaluation = open().evaluations().get(0);
    for (String[] line : lines("interleaved/val", 8)) {
      Batch batch = new Batch(1, LENGTH);
      evaluation.fill(7, Integer.parseInt(line[1]), batch);
      int[] targets = ints(line[3]);
      int[] compartments = ints(line[4]);

      assertThat(batch.inputs()).as("row " + line[1]).isEqualTo(ints(line[2]));
      assertThat(batch.targets())
          .isEqualTo(
              IntStream.range(0, LENGTH)
                  .map(
                      p ->
                          p + 1 < LENGTH && compartments[p + 1] != compartments[0]
                              ? targets[p]
                              : -1)
                  .toArray());
    }
  }

  private void streams() throws IOException {
    int[] text = IntStream.range(0, 97).map(i -> (i * i + i / 7) % 11).toArray();
    String file = ShardFiles.narrow(folder.resolve("text.bin"), text).toString();
    config.source = "pretokenized";
    config.scaling = "unequal";
    config.ratio = 0.4;
    config.compartmentTrainBins = List.of(file, "synthetic:uniform", "synthetic:frequency");
    config.compartmentValBins = config.compartmentTrainBins;
  }

  private void interleaved() {
    config.translationMode = "interleaved";
    config.chunkSize = 3;
    config.ratioMode = "compartment";
    config.ratio = 1;
    config.permute = true;
    config.permuteInputs = false;
  }

  private RunData open() {
    return RunData.open(config.build(), relative -> List.of(Path.of(relative)));
  }

  private static void assertRows(String name, int count, Filling filling) throws IOException {
    for (String[] line : lines(name, count)) {
      Batch batch = new Batch(1, LENGTH);
      filling.fill(Long.parseLong(line[1]), batch);

      assertThat(batch.inputs()).as("row " + line[1]).isEqualTo(ints(line[2]));
      assertThat(batch.targets()).as("row " + line[1]).isEqualTo(ints(line[3]));
      assertThat(batch.compartments()).as("row " + line[1]).isEqualTo(ints(line[4]));
    }
  }

  private static List<String[]> lines(String name, int count) throws IOException {
    List<String[]> lines =
        Files.readAllLines(ROWS).stream()
            .map(line -> line.split("\t", -1))
            .filter(line -> line[0].equals(name))
            .toList();
    assertThat(lines).hasSize(count);
    return lines;
  }

  private static int[] ints(String column) {
    return Arrays.stream(column.split(",", -1)).mapToInt(Integer::parseInt).toArray();
  }

  /** Fills a batch of one row. */
  private interface Filling {
    void fill(long row, Batch batch);
  }
}
