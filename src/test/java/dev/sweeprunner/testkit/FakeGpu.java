package dev.sweeprunner.testkit;

import dev.sweeprunner.train.cuda.CudaBackEnd;
import dev.sweeprunner.train.cuda.NoCuda;
import dev.sweeprunner.train.kernels.BackEnd;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import jcuda.driver.CUdevice;
import jcuda.driver.JCudaDriver;

/**
 * A GPU in this JVM whose kernels run on the processors; the test is skipped where there is none.
 */
public final class FakeGpu {
  private FakeGpu() {}

  /**
   * A GPU with the fake driver's own settings, whatever other tests left of theirs. One from before
   * that has been opened must not be used any more.
   */
  public static BackEnd backEnd() {
    return backEnd(false, "forward");
  }

  /**
   * The same.
   *
   * @param warpgroups whether products may be those of four warps together
   * @param schedule in which order threads and copies take their turns; the results must not care
   */
  public static BackEnd backEnd(boolean warpgroups, String schedule) {
    try {
      FakeCuda fake = FakeCuda.load();
      fake.configure(Map.of("cores", "2", "schedule", schedule));
      CudaBackEnd gpu = CudaBackEnd.find(0, (name, content, load) -> load.run(), warpgroups);
      CUdevice device = new CUdevice();
      JCudaDriver.cuDeviceGet(device, 0);
      JCudaDriver.cuDevicePrimaryCtxReset(device);
      return gpu;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoCuda e) {
      throw new AssertionError(e);
    }
  }

  /** The kernels that were launched since the back end was found. */
  public static List<String> launches() {
    try {
      return FakeCuda.load().launches();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the host or a kernel did that it must not. */
  public static List<String> violations() {
    try {
      return FakeCuda.load().violations();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
