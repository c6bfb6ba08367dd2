package dev.sweeprunner.gpukit;

import dev.sweeprunner.run.Row;
import dev.sweeprunner.run.Training;
import dev.sweeprunner.train.TinyConfig;
import dev.sweeprunner.train.data.ShardFiles;
import dev.sweeprunner.train.kernels.AdamW;
import dev.sweeprunner.train.kernels.BackEnd;
import dev.sweeprunner.train.kernels.CounterRandom;
import dev.sweeprunner.train.kernels.Kernels;
import dev.sweeprunner.train.model.Gpt;
import dev.sweeprunner.train.model.ModelShape;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Whole iterations by the wall clock, at the shapes of {@code torch_bench.py}. {@code ours} is the
 * model with ids made beforehand, driven as a training session drives it; {@code trainer} is the
 * session itself, its rows built from a file of tokens.
 */
final class Timing {
  private static final AdamW SETTINGS = new AdamW(0.9, 0.95, 0.1, 1);
  private static final double GIB = 1L << 30;
  private static final int BATCHES = 4;
  private static final int FEWEST = 3;

  private final BackEnd gpu;
  private final Options options;
  private final ModelShape shape;
  private final int rows;
  private final int baseVocabulary;
  private final int warmUp;

  private Timing(BackEnd gpu, Options options) {
    boolean tiny = options.set("tiny");
    int embd = options.number("embd", 32);
    int compartments = options.number("comp", 3);
    this.gpu = gpu;
    this.options = options;
    this.baseVocabulary = tiny ? 128 : 16_384;
    this.rows = tiny ? 8 : 2048;
    // Plain calls, a recording, a replay; then some for the JVM's compiler.
    this.warmUp = tiny ? 3 : 20;
    this.shape =
        new ModelShape(
            tiny ? 2 : 8,
            Math.max(1, embd / 32),
            embd,
            64,
            baseVocabulary * compartments + 1,
            baseVocabulary,
            compartments,
            false,
            false,
            false,
            false,
            10_000);
  }

  static boolean run(BackEnd gpu, Options options) throws Exception {
    Timing timing = new Timing(gpu, options);
    if (options.set("trainer")) {
      timing.trainer();
    } else {
      timing.model();
    }
    return true;
  }

  private void model() {
    long start = System.nanoTime();
    int tokens = rows * shape.blockSize();
    try (Kernels kernels = gpu.open(new BackEnd.Wish(true, shape.embd(), tokens));
        Gpt gpt = new Gpt(kernels, shape, rows)) {
      gpt.initialise(1);
      Loop loop = new Loop(gpt, batches());
      double firstLoss = loop.iterate();
      double first = (System.nanoTime() - start) / 1e9;
      for (int i = 1; i < warmUp; i++) {
        loop.iterate();
      }
      long before = System.nanoTime();
      loop.iterate();
      double lap = (System.nanoTime() - before) / 1e9;
      double[] times = new double[count(lap)];
      double loss = firstLoss;
      before = System.nanoTime();
      for (int i = 0; i < times.length; i++) {
        loss = loop.iterate();
        long now = System.nanoTime();
        times[i] = (now - before) / 1e6;
        before = now;
      }
      Map<String, Object> line = line("ours", times, kernels, gpt.flopsPerToken());
      line.put("slices", loop.slices());
      line.put("first_s", first);
      line.put("first_loss", firstLoss);
      line.put("loss", loss);
      Answer.print(line);
    }
  }

  private int count(double lap) {
    double seconds = Double.parseDouble(options.text("seconds", "4"));
    int most = options.number("iterations", 200);
    return (int) Math.max(FEWEST, Math.min(most, seconds / lap));
  }

  private Map<String, Object> line(String who, double[] times, Kernels kernels, long flops) {
    double peak = kernels.traits().peakFlops();
    Map<String, Object> line = line(who, times);
    double perSecond = rows * shape.blockSize() / ((double) line.get("ms") / 1e3);
    line.put("tokens_per_s", perSecond);
    line.put("mfu", peak > 0 ? flops * perSecond / peak : 0);
    line.put("peak_gib", kernels.memory() / GIB);
    line.put("flops_per_token", flops);
    line.put("peak_flops", peak);
    line.put("dtype", kernels.traits().dtype());
    return line;
  }

  private Map<String, Object> line(String who, double[] times) {
    double[] sorted = times.clone();
    Arrays.sort(sorted);
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("who", who);
    line.put("embd", shape.embd());
    line.put("comp", shape.compartments());
    line.put("vocabulary", shape.vocabulary());
    line.put("tokens", rows * shape.blockSize());
    line.put("ms", (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2);
    line.put("min_ms", sorted[0]);
    line.put("max_ms", sorted[sorted.length - 1]);
    line.put("iterations", sorted.length);
    return line;
  }

  /** The session's own rows say how long each iteration took. */
  private void trainer() throws Exception {
    Path folder = Files.createTempDirectory("gpu-kit-tokens-");
    Path shard = folder.resolve("train.bin");
    try {
      CounterRandom random = CounterRandom.of(1, "shard");
      int[] tokens = new int[1 << 22];
      Arrays.setAll(tokens, i -> random.bounded(0, i, baseVocabulary));
      TinyConfig config = config(ShardFiles.narrow(shard, tokens).toString());
      List<Row> all = new ArrayList<>();
      try (Training.Session session = Bits.trainer(gpu).start(config.build(), null)) {
        session.train(k -> false, Optional::empty, all::add, k -> {});
      }
      List<Row> timed = all.subList(warmUp, all.size());
      Map<String, Object> line =
          line("trainer", timed.stream().mapToDouble(row -> wall(row, "time_ms")).toArray());
      line.put("tokens_per_s", rows * shape.blockSize() / ((double) line.get("ms") / 1e3));
      Row any = timed.get(0);
      line.put("mfu", wall(any, "mfu") / 100 * wall(any, "time_ms") / (double) line.get("ms"));
      line.put("peak_gib", wall(any, "device_memory_gib"));
      line.put("loss", Objects.requireNonNull(all.get(all.size() - 1).values().get("train/loss")));
      Answer.print(line);
    } finally {
      Files.deleteIfExists(shard);
      Files.delete(folder);
    }
  }

  private TinyConfig config(String shard) {
    TinyConfig config = new TinyConfig();
    config.source = "pretokenized";
    config.trainBin = shard;
    config.dtype = "bfloat16";
    config.vocabSize = baseVocabulary;
    config.nLayer = shape.layers();
    config.nHead = shape.heads();
    config.nEmbd = shape.embd();
    config.blockSize = shape.blockSize();
    config.compartments = shape.compartments();
    config.compartmentEmbeddings = true;
    config.batchSize = rows;
    config.learningRate = 1e-4;
    config.maxIters = warmUp + options.number("iterations", 50);
    return config;
  }

  private static double wall(Row row, String name) {
    return row.wall().getOrDefault(name, 0.0);
  }

  private List<Ids> batches() {
    List<Ids> batches = new ArrayList<>();
    int count = rows * shape.blockSize();
    for (int batch = 0; batch < BATCHES; batch++) {
      CounterRandom random = CounterRandom.of(batch, "ids");
      Ids ids = new Ids(new int[count], new int[count], new int[count]);
      for (int i = 0; i < count; i++) {
        ids.inputs[i] = random.bounded(0, i, shape.vocabulary());
        // As in the experiments: a row's last target does not count.
        boolean last = i % shape.blockSize() == shape.blockSize() - 1;
        ids.targets[i] = last ? -1 : random.bounded(1, i, shape.vocabulary());
        ids.compartments[i] = random.bounded(2, i, shape.compartments());
      }
      batches.add(ids);
    }
    return batches;
  }

  private record Ids(int[] inputs, int[] targets, int[] compartments) {}

  /** One iteration after the other, the next one's first slice brought while the GPU works. */
  private final class Loop {
    private final Gpt gpt;
    private final List<Ids> batches;
    private final int atOnce;
    private final int targets = rows * (shape.blockSize() - 1);
    private boolean prepared;
    private int step;

    Loop(Gpt gpt, List<Ids> batches) {
      this.gpt = gpt;
      this.batches = batches;
      this.atOnce = gpt.rowsAtOnce();
    }

    int slices() {
      return (rows + atOnce - 1) / atOnce;
    }

    /** The mean loss. */
    double iterate() {
      for (int from = 0; from < rows; from += atOnce) {
        if (!prepared) {
          put(step, from);
        }
        prepared = false;
        gpt.accumulate(Math.min(atOnce, rows - from), 1f / targets);
      }
      step++;
      gpt.update(SETTINGS, 1e-4, step);
      put(step, 0);
      prepared = true;
      double loss = gpt.takeLoss() / targets;
      if (!Double.isFinite(loss) || !Double.isFinite(gpt.takeNorm())) {
        throw new IllegalStateException("the loss of step " + step + " is " + loss);
      }
      return loss;
    }

    private void put(int step, int from) {
      Ids ids = batches.get(step % batches.size());
      int start = from * shape.blockSize();
      int end = start + Math.min(atOnce, rows - from) * shape.blockSize();
      gpt.put(
          Math.min(atOnce, rows - from),
          part(ids.inputs, start, end),
          part(ids.targets, start, end),
          part(ids.compartments, start, end));
    }

    private int[] part(int[] values, int start, int end) {
      return end - start == values.length ? values : Arrays.copyOfRange(values, start, end);
    }
  }
}
