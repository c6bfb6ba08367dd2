package dev.sweeprunner.train.cuda;

import dev.sweeprunner.train.kernels.AdamW;
import dev.sweeprunner.train.kernels.Trainable;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * The global gradient norm and AdamW. What changes from step to step lies in the GPU's memory, so
 * that a program can repeat the launches.
 */
final class OptimizerOps {
  private static final int FACTORS = 7;

  /** So many steps' factors may be on their way. */
  private static final int SLOTS = 4;

  private static final int NORM_THREADS = 1024;

  private final Gpu gpu;
  private final Stream stream;
  private final Launcher launcher;
  private final Programs programs;
  private final Arena arena;
  private final Slot[] slots = new Slot[SLOTS];
  private final Map<List<Trainable>, Places> known = new IdentityHashMap<>();
  private final Map<Variant, Runnable> variants = new HashMap<>();
  private int next;

  /**
   * @param resources what gives the memory back
   */
  OptimizerOps(Gpu gpu, Stream stream, Launcher launcher, Programs programs, Resources resources) {
    this.gpu = gpu;
    this.stream = stream;
    this.launcher = launcher;
    this.programs = programs;
    this.arena = resources.keep(new Arena(gpu, stream));
    for (int i = 0; i < SLOTS; i++) {
      slots[i] = resources.keep(new Slot(gpu, FACTORS * Float.BYTES));
    }
  }

  /** Bytes of the GPU's memory. */
  long memory() {
    return arena.taken();
  }

  /** See {@link dev.sweeprunner.train.kernels.Kernels#update}. */
  void update(
      List<Trainable> parameters,
      AdamW settings,
      double learningRate,
      long step,
      DeviceTotal norm) {
    Places where = known.computeIfAbsent(parameters, list -> place(new TensorTable(list)));
    bring(settings.factors(learningRate, step), where.factors.address());
    variants
        .computeIfAbsent(new Variant(where, settings.gradClip(), norm.address()), this::program)
        .run();
  }

  private Runnable program(Variant variant) {
    return programs.of(() -> launch(variant.where, variant));
  }

  private void launch(Places where, Variant variant) {
    long tensors = where.table.address();
    long pieceTensors = tensors + where.layout.pieceTensors();
    long pieceStarts = tensors + where.layout.pieceStarts();
    int pieces = where.layout.pieces();
    launcher
        .kernel("gradient_squares")
        .grid(pieces)
        .shared(256 * Double.BYTES)
        .addresses(tensors, pieceTensors, pieceStarts, where.squares.address())
        .run();
    launcher
        .kernel("gradient_norm")
        .block(NORM_THREADS)
        .shared(NORM_THREADS * Double.BYTES)
        .ints(pieces)
        .precise(variant.clip)
        .addresses(where.squares.address(), variant.norm, where.clipFactor.address())
        .run();
    launcher
        .kernel("adamw")
        .grid(pieces)
        .addresses(tensors, pieceTensors, pieceStarts)
        .addresses(where.clipFactor.address(), where.factors.address())
        .run();
  }

  private void bring(AdamW.Factors f, long to) {
    Slot slot = slots[next++ % SLOTS];
    Pinned memory = slot.free();
    memory
        .buffer()
        .asFloatBuffer()
        .put(
            new float[] {
              f.keep1(), f.take1(), f.keep2(), f.take2(), f.rate(), f.root2(), f.decay()
            });
    stream.copyIn(to, memory, FACTORS * Float.BYTES);
    stream.record(slot.used());
  }

  private Places place(TensorTable layout) {
    Places made =
        new Places(
            layout,
            arena.ask(layout.bytes()),
            arena.ask((long) Double.BYTES * layout.pieces()),
            arena.ask(Float.BYTES),
            arena.ask(FACTORS * Float.BYTES));
    arena.allocate();
    try (Pinned memory = new Pinned(gpu, layout.bytes())) {
      ByteBuffer buffer = memory.buffer();
      layout.write(buffer);
      stream.copyIn(made.table.address(), memory, layout.bytes());
      stream.finish();
    }
    return made;
  }

  /** What tells one program from another; places are equal only where they are the same. */
  private record Variant(Places where, double clip, long norm) {}

  private record Places(
      TensorTable layout, Space table, Space squares, Space clipFactor, Space factors) {}
}
