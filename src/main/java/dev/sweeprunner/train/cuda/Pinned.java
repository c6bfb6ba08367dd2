package dev.sweeprunner.train.cuda;

import dev.sweeprunner.train.kernels.DeviceFailure;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jcuda.Pointer;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/** Page-locked memory of the host, which the GPU reads and writes while the host goes on. */
final class Pinned implements Resource {
  private final Gpu gpu;
  private final Pointer pointer = new Pointer();
  private final ByteBuffer buffer;
  private boolean open = true;

  Pinned(Gpu gpu, long bytes) {
    this.gpu = gpu;
    gpu.enter();
    int result = JCudaDriver.cuMemHostAlloc(pointer, bytes, 0);
    if (result == CUresult.CUDA_ERROR_OUT_OF_MEMORY) {
      throw new DeviceFailure(
          DeviceFailure.Kind.FULL,
          "The machine cannot give " + Driver.gib(bytes) + " of page-locked memory.");
    }
    Driver.check(result, "cuMemHostAlloc");
    this.buffer = pointer.getByteBuffer(0, bytes).order(ByteOrder.nativeOrder());
  }

  /** The memory, from its beginning. Must not be kept beyond the closing: the JVM would crash. */
  ByteBuffer buffer() {
    check();
    return buffer;
  }

  Pointer pointer() {
    check();
    return pointer;
  }

  @Override
  public void close() {
    if (open) {
      open = false;
      // Where the context is lost, the memory goes with the process.
      if (gpu.tryEnter()) {
        JCudaDriver.cuMemFreeHost(pointer);
      }
    }
  }

  private void check() {
    if (!open) {
      throw new IllegalStateException("this back end is closed");
    }
  }
}
