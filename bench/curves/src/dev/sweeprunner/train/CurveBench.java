package dev.sweeprunner.train;

import dev.sweeprunner.config.BuiltinConfig;
import dev.sweeprunner.run.Row;
import dev.sweeprunner.run.Training;
import dev.sweeprunner.train.checkpoint.TrainingState;
import dev.sweeprunner.train.data.Batch;
import dev.sweeprunner.train.data.RunData;
import dev.sweeprunner.train.model.Tensor;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The half of {@code bench/curves/parity} that is ours: {@code CurveBench FOLDER ITERATIONS SEED...}
 * writes the rows of a training in the order in which it takes them, and for each seed of the
 * weights where it starts and its losses.
 *
 * <pre>
 * batches.i32      (iterations, 3, rows, block_size): inputs, targets, compartments
 * start-SEED.txt   a tensor per line: name, sizes
 * start-SEED.f32   their values one after the other
 * loss-SEED.txt    training loss of each iteration
 * </pre>
 */
public final class CurveBench {
  private CurveBench() {}

  /** Everything but the seed of the weights is the same for all. */
  private static TinyConfig config(int iterations) {
    TinyConfig config = new TinyConfig();
    config.vocabSize = 4;
    config.nLayer = 2;
    config.nEmbd = 32;
    config.blockSize = 8;
    config.batchSize = 64;
    config.compartmentEmbeddings = true;
    config.ratio = 1;
    config.learningRate = 2e-3;
    config.warmupIters = 50;
    config.maxIters = iterations;
    config.evalInterval = iterations;
    config.evalIters = 1;
    return config;
  }

  /** See above. */
  public static void main(String[] words) throws IOException {
    Path folder = Path.of(words[0]);
    int iterations = Integer.parseInt(words[1]);
    batches(config(iterations).build(), folder.resolve("batches.i32"));
    for (String seed : List.of(words).subList(2, words.length)) {
      TinyConfig config = config(iterations);
      BuiltinConfig built = config.build();
      config.seed = Long.parseLong(seed);
      course(weightsOf(built, config.build()), folder, seed);
    }
  }

  /** The config of the data with another seed of the weights. */
  private static BuiltinConfig weightsOf(BuiltinConfig data, BuiltinConfig weights) {
    return new BuiltinConfig(
        data.job(),
        data.data(),
        data.model(),
        data.init(),
        data.optimizer(),
        data.lr(),
        weights.training(),
        data.distributed(),
        data.system(),
        data.logging(),
        data.experiment(),
        data.canonicalJson(),
        data.sha256());
  }

  private static void batches(BuiltinConfig config, Path file) throws IOException {
    RunData data = RunData.open(config, relative -> List.of());
    int rows = config.training().batchSize();
    Batch batch = new Batch(rows, config.model().blockSize());
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
      for (long iteration = 0; iteration < config.training().maxIters(); iteration++) {
        data.training(iteration * rows, batch);
        for (int[] part : List.of(batch.inputs(), batch.targets(), batch.compartments())) {
          ByteBuffer bytes =
              ByteBuffer.allocate(Integer.BYTES * part.length).order(ByteOrder.LITTLE_ENDIAN);
          bytes.asIntBuffer().put(part);
          out.write(bytes.array());
        }
      }
    }
  }

  private static void course(BuiltinConfig config, Path folder, String seed) throws IOException {
    try (Training.Session session = Trainers.trainer(1, new ArrayList<>()).start(config, null)) {
      start((TrainingState) session.snapshot(), folder, seed);
      List<String> losses = new ArrayList<>();
      for (Row row : Trainers.finish(session).rows()) {
        Double loss = row.values().get("train/loss");
        if (loss != null) {
          losses.add(loss.toString());
        }
      }
      Files.write(folder.resolve("loss-" + seed + ".txt"), losses);
    }
  }

  private static void start(TrainingState state, Path folder, String seed) throws IOException {
    List<String> names = new ArrayList<>();
    try (DataOutputStream out =
        new DataOutputStream(Files.newOutputStream(folder.resolve("start-" + seed + ".f32")))) {
      for (Tensor tensor : state.tensors().weights()) {
        names.add(tensor.name() + " " + tensor.shape().toString().replaceAll("[\\[\\],]", ""));
        ByteBuffer bytes =
            ByteBuffer.allocate(Float.BYTES * tensor.values().length)
                .order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(tensor.values());
        out.write(bytes.array());
      }
    }
    Files.write(folder.resolve("start-" + seed + ".txt"), names);
  }
}
