package dev.sweeprunner.train.cuda;

import dev.sweeprunner.train.kernels.BackEnd;
import dev.sweeprunner.train.kernels.DeviceFailure;
import dev.sweeprunner.train.kernels.Kernels;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One NVIDIA GPU. The GPU's context is made with the first model and kept for the next ones until
 * the process ends. A process trains on one GPU: threads that use several back ends of this kind in
 * turn are not provided for.
 */
public final class CudaBackEnd implements BackEnd {
  private static final String NO_KERNELS = "This build has no CUDA kernels";

  /** Less than this free is less than the smallest model is worth trying with. */
  private static final long LEAST_MEMORY = 64L << 20;

  private final GpuInfo gpuInfo;
  private final List<byte[]> texts;
  private @Nullable Gpu gpu;

  private CudaBackEnd(GpuInfo gpuInfo, List<byte[]> texts) {
    this.gpuInfo = gpuInfo;
    this.texts = texts;
  }

  /**
   * Finds a GPU. Takes none of its memory yet.
   *
   * @param ordinal its number among those that this process may see
   * @param folder where the native library is unpacked for a moment
   * @throws NoCuda if there is none that can be used, with the reason
   */
  public static CudaBackEnd find(int ordinal, LibraryFolder folder) throws NoCuda {
    return find(ordinal, folder, false);
  }

  /**
   * Finds a GPU, as above.
   *
   * @param warpgroups whether products may be those of four warps together, where the GPU has such
   *     (Hopper). They give other roundings. Not the default before a GPU has shown that they are
   *     right, and faster: {@code bench/gpu/run --warpgroups}
   */
  public static CudaBackEnd find(int ordinal, LibraryFolder folder, boolean warpgroups)
      throws NoCuda {
    List<byte[]> texts = new ArrayList<>();
    texts.add(NativeLibrary.resource("kernels.ptx", NO_KERNELS));
    new NativeLibrary(folder).load();
    GpuInfo gpuInfo = Probe.find(ordinal);
    if (warpgroups && gpuInfo.isHopper()) {
      texts.add(NativeLibrary.resource("hopper.ptx", NO_KERNELS));
    }
    return new CudaBackEnd(gpuInfo, texts);
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
      gpu = Gpu.open(gpuInfo, texts);
    }
    return gpu;
  }
}
