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
    try {
      FakeCuda fake = FakeCuda.load();
      fake.configure(Map.of("cores", "2"));
      CudaBackEnd gpu = CudaBackEnd.find(0, (name, content, load) -> load.run());
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

  /** What the host or a kernel did that it must not. */
  public static List<String> violations() {
    try {
      return FakeCuda.load().violations();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
