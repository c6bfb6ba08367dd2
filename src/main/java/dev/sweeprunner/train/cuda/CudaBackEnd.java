package dev.sweeprunner.train.cuda;

import dev.sweeprunner.train.kernels.BackEnd;
import dev.sweeprunner.train.kernels.DeviceFailure;
import dev.sweeprunner.train.kernels.Kernels;
import org.jspecify.annotations.Nullable;

/**
 * One NVIDIA GPU. The GPU's context is made with the first model and kept for the next ones until
 * the process ends. A process trains on one GPU: threads that use several back ends of this kind in
 * turn are not provided for.
 */
public final class CudaBackEnd implements BackEnd {
  private static final String KERNELS = "kernels.ptx";

  /** Less than this free is less than the smallest model is worth trying with. */
  private static final long LEAST_MEMORY = 64L << 20;

  private final GpuInfo gpuInfo;
  private final byte[] ptx;
  private @Nullable Gpu gpu;

  private CudaBackEnd(GpuInfo gpuInfo, byte[] ptx) {
    this.gpuInfo = gpuInfo;
    this.ptx = ptx;
  }

  /**
   * Finds a GPU. Takes none of its memory yet.
   *
   * @param ordinal its number among those that this process may see
   * @param folder where the native library is unpacked for a moment
   * @throws NoCuda if there is none that can be used, with the reason
   */
  public static CudaBackEnd find(int ordinal, LibraryFolder folder) throws NoCuda {
    byte[] ptx = NativeLibrary.resource(KERNELS, "This build has no CUDA kernels");
    new NativeLibrary(folder).load();
    return new CudaBackEnd(Probe.find(ordinal), ptx);
  }

  /**
   * Makes the GPU's context now, which the first model would otherwise do.
   *
   * @throws NoCuda if it cannot be made, or others leave too little memory for any model
   */
  public void enter() throws NoCuda {
    try {
      long free = gpu().freeMemory();
      if (free < LEAST_MEMORY) {
        leave();
        throw new NoCuda(
            "Others use the memory of %s: only %s are free."
                .formatted(gpuInfo.text(), Driver.gib(free)));
      }
    } catch (DeviceFailure failure) {
      throw new NoCuda(String.valueOf(failure.getMessage()), failure);
    }
  }

  @Override
  public String device() {
    return gpuInfo.text();
  }

  /**
   * {@inheritDoc}
   *
   * <p>Products are in bfloat16 only for the sizes that the fused head knows; otherwise in float32.
   */
  @Override
  public Kernels open(Wish wish) {
    boolean bfloat16 = wish.bfloat16() && FusedHead.takes(wish.embd());
    return CudaKernels.open(
        gpu(), bfloat16 ? DataType.BFLOAT16 : DataType.FLOAT32, wish.tokensAtOnce());
  }

  /** Gives the context's own memory back to the others. */
  private synchronized void leave() {
    if (gpu != null) {
      gpu.release();
      gpu = null;
    }
  }

  private synchronized Gpu gpu() {
    if (gpu == null) {
      gpu = Gpu.open(gpuInfo, ptx);
    }
    return gpu;
  }
}
