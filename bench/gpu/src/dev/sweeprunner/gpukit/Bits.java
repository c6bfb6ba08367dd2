package dev.sweeprunner.gpukit;

import dev.sweeprunner.checkpoint.DiskCheckpoints;
import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.host.SystemClock;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.Checkpoints;
import dev.sweeprunner.run.PublishedCheckpoint;
import dev.sweeprunner.run.Snapshot;
import dev.sweeprunner.run.Trace;
import dev.sweeprunner.run.Training;
import dev.sweeprunner.train.Devices;
import dev.sweeprunner.train.LocalTraining;
import dev.sweeprunner.train.TinyConfig;
import dev.sweeprunner.train.checkpoint.TrainingFormat;
import dev.sweeprunner.train.checkpoint.TrainingState;
import dev.sweeprunner.train.kernels.BackEnd;
import dev.sweeprunner.train.kernels.Kernels;
import dev.sweeprunner.train.model.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Small runs of the program's own trainer, through its checkpoints on disk, bit by bit. */
final class Bits {
  private static final RunKey KEY = new RunKey("project", "group", "0123abcd", 64);
  private static final int EPOCH = 1;

  private Bits() {}

  /** The same run twice, and with fewer tokens per call: the bits must be the same. */
  static boolean compare(BackEnd gpu, Options options) throws Exception {
    boolean all = true;
    for (int embd : GpuBench.numbers(options.text("embd", "32"))) {
      TinyConfig config = config(options, embd);
      String first = finished(gpu, config, null);
      TinyConfig none = config(options, embd);
      none.maxIters = 0;
      boolean trained = !finished(gpu, none, null).equals(first);
      Answer.print(
          "bits",
          "training changes them",
          "embd",
          embd,
          "dtype",
          config.dtype,
          "ok",
          trained,
          "sha256",
          first);
      all &= trained;
      all &= same("two runs", config, first, finished(gpu, config, null));
      for (int part : GpuBench.numbers(options.text("slices", "2"))) {
        String sliced = finished(new Sliced(gpu, part), config, null);
        all &= same("in " + part + " slices", config, first, sliced);
      }
    }
    return all;
  }

  /** Trains on after the checkpoint, so that a kill finds it at work; never ends by itself. */
  static boolean train(BackEnd gpu, Options options, Path folder) throws Exception {
    TinyConfig config = config(options, options.number("embd", 32));
    long boundary = options.number("save-at", 10);
    try (Training.Session session = trainer(gpu).start(config.build(), null)) {
      session.train(k -> k == boundary, Optional::empty, row -> {}, k -> {});
      Checkpoints checkpoints = checkpoints(folder);
      Checkpoints.Staged staged = checkpoints.stage(KEY, EPOCH, session.snapshot(), false);
      checkpoints.settle(staged);
      Answer.print("saved", staged.iter(), "manifest", staged.manifestSha256());
      session.train(k -> false, Optional::empty, row -> {}, k -> {});
      Thread.sleep(Long.MAX_VALUE);
    }
    return false;
  }

  static boolean resume(BackEnd gpu, Options options, Path folder) throws Exception {
    TinyConfig config = config(options, options.number("embd", 32));
    long iter = options.number("save-at", 10);
    PublishedCheckpoint checkpoint =
        new PublishedCheckpoint(
            iter,
            EPOCH,
            Layout.publishedName(iter, EPOCH),
            options.text("manifest", ""),
            false,
            0,
            "part",
            "00",
            0);
    Snapshot base = checkpoints(folder).load(KEY, checkpoint);
    Answer.print("resumed", iter, "sha256", finished(gpu, config, base));
    return true;
  }

  /** Of everything that a checkpoint holds of the model, at the end of the run. */
  private static String finished(BackEnd gpu, TinyConfig config, Snapshot base) throws Exception {
    try (Training.Session session = trainer(gpu).start(config.build(), base)) {
      Training.Pausing end = session.train(k -> false, Optional::empty, row -> {}, k -> {});
      if (end != Training.Pausing.COMPLETE) {
        throw new IllegalStateException("the run ended with " + end);
      }
      TrainingState.Tensors tensors = ((TrainingState) session.snapshot()).tensors();
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (List<Tensor> list : List.of(tensors.weights(), tensors.optimizer())) {
        for (Tensor tensor : list) {
          ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * tensor.values().length);
          bytes.asFloatBuffer().put(tensor.values());
          digest.update(bytes.array());
        }
      }
      return HexFormat.of().formatHex(digest.digest());
    }
  }

  private static boolean same(String what, TinyConfig config, String first, String second) {
    boolean ok = first.equals(second);
    Answer.print(
        "bits", what, "embd", config.nEmbd, "dtype", config.dtype, "ok", ok, "sha256", first);
    return ok;
  }

  /** Four quanta of 8192 tokens per iteration, unless the options say otherwise. */
  private static TinyConfig config(Options options, int embd) {
    TinyConfig config = new TinyConfig();
    config.dtype = options.text("dtype", "bfloat16");
    config.nEmbd = embd;
    config.nHead = Math.max(1, embd / 32);
    config.nLayer = options.number("layers", 2);
    config.blockSize = options.number("length", 64);
    // An evaluation is of one micro-batch; an iteration's are brought in as few slices as fit.
    config.accumulation = 8;
    config.batchSize = options.number("tokens", 32768) / config.blockSize / config.accumulation;
    config.vocabSize = options.number("vocabulary", 2048);
    config.compartmentEmbeddings = true;
    config.learningRate = 1e-3;
    config.maxIters = options.number("steps", 20);
    config.evalInterval = 1_000;
    config.evalIters = 1;
    return config;
  }

  static LocalTraining trainer(BackEnd gpu) {
    return new LocalTraining(
        new Devices(gpu),
        new SystemClock(),
        name -> List.of(Path.of(name)),
        notice -> System.out.println("notice: " + notice));
  }

  private static Checkpoints checkpoints(Path folder) throws IOException {
    FileSystem files = new LocalFiles();
    return new DiskCheckpoints(
        files, new Layout(folder), new TrainingFormat(files, Trace.OFF), Trace.OFF);
  }

  /** A GPU that takes a part of what a model would like to bring at once. */
  private record Sliced(BackEnd gpu, int parts) implements BackEnd {
    @Override
    public String device() {
      return gpu.device();
    }

    @Override
    public Kernels open(Wish wish) {
      if (wish.tokensAtOnce() / parts < Wish.FEWEST_TOKENS) {
        throw new IllegalArgumentException("too few tokens to cut into " + parts + " slices");
      }
      return gpu.open(new Wish(wish.bfloat16(), wish.embd(), wish.tokensAtOnce() / parts));
    }
  }
}
