package dev.sweeprunner.train.cuda;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import jcuda.Pointer;
import jcuda.driver.CUfunction;
import jcuda.driver.CUfunction_attribute;
import jcuda.driver.JCudaDriver;
import org.jspecify.annotations.Nullable;

/**
 * Launches kernels: {@code kernel("embed").grid(n).ints(...).addresses(...).run()}, the parameters
 * in the order in which the kernel has them. One launch is put together at a time; the objects that
 * JCuda wants for it are made once.
 */
final class Launcher {
  private static final int MOST_PARAMETERS = 24;
  private static final int PLAIN_BLOCK = 256;

  /** More dynamic shared memory than this must be asked for. */
  private static final int PLAIN_SHARED = 48 << 10;

  private final Gpu gpu;
  private final Stream stream;
  private final ByteBuffer values =
      ByteBuffer.allocateDirect(Long.BYTES * MOST_PARAMETERS).order(ByteOrder.nativeOrder());
  private final Pointer[] lists = new Pointer[MOST_PARAMETERS + 1];
  private final Map<String, Integer> allowedShared = new HashMap<>();

  private String name = "";
  private int block;
  private int shared;
  private int gridX;
  private int gridY;
  private int gridZ;
  private int parameters;

  Launcher(Gpu gpu, Stream stream) {
    this.gpu = gpu;
    this.stream = stream;
    Pointer[] slots = new Pointer[MOST_PARAMETERS];
    for (int i = 0; i < MOST_PARAMETERS; i++) {
      slots[i] = Pointer.to(values.slice(Long.BYTES * i, Long.BYTES));
    }
    for (int count = 0; count <= MOST_PARAMETERS; count++) {
      // Nothing but nulls behind the last one: a launch that lacks a parameter is then an error,
      // not
      // a walk through the memory.
      @Nullable Pointer[] some = new @Nullable Pointer[MOST_PARAMETERS];
      System.arraycopy(slots, 0, some, 0, count);
      lists[count] = Pointer.to(some);
    }
  }

  /** Blocks of this many that cover so many. */
  static int cover(long many, int each) {
    return Math.toIntExact((many + each - 1) / each);
  }

  /** Begins a launch, of one block of 256 threads without shared memory. */
  Launcher kernel(String kernel) {
    name = kernel;
    block = PLAIN_BLOCK;
    shared = 0;
    gridX = 1;
    gridY = 1;
    gridZ = 1;
    parameters = 0;
    return this;
  }

  Launcher block(int threads) {
    block = threads;
    return this;
  }

  Launcher grid(int x) {
    return grid(x, 1, 1);
  }

  Launcher grid(int x, int y) {
    return grid(x, y, 1);
  }

  Launcher grid(int x, int y, int z) {
    gridX = x;
    gridY = y;
    gridZ = z;
    return this;
  }

  /** Bytes of dynamic shared memory per block. */
  Launcher shared(int bytes) {
    shared = bytes;
    return this;
  }

  /** The next parameters, 32 bits each. */
  Launcher ints(int... next) {
    for (int value : next) {
      values.putInt(slot(), value);
    }
    return this;
  }

  /** The next parameters, pointers into the GPU's memory; 0 for one that is absent. */
  Launcher addresses(long... next) {
    for (long value : next) {
      values.putLong(slot(), value);
    }
    return this;
  }

  /** The next parameter, a float. */
  Launcher single(float next) {
    values.putFloat(slot(), next);
    return this;
  }

  /** The next parameter, a double. */
  Launcher precise(double next) {
    values.putDouble(slot(), next);
    return this;
  }

  /** Puts the launch into the stream. */
  void run() {
    gpu.enter();
    CUfunction function = gpu.function(name);
    if (shared > PLAIN_SHARED) {
      allow(function);
    }
    Driver.check(
        JCudaDriver.cuLaunchKernel(
            function,
            gridX,
            gridY,
            gridZ,
            block,
            1,
            1,
            shared,
            stream.handle(),
            lists[parameters],
            null),
        "cuLaunchKernel",
        name);
  }

  private int slot() {
    return Long.BYTES * parameters++;
  }

  private void allow(CUfunction function) {
    if (allowedShared.merge(name, shared, Math::max) == shared) {
      Driver.check(
          JCudaDriver.cuFuncSetAttribute(
              function,
              CUfunction_attribute.CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES,
              shared),
          "cuFuncSetAttribute",
          name);
    }
  }
}
