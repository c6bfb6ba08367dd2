package dev.sweeprunner.train.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.testkit.FakeCuda;
import dev.sweeprunner.train.kernels.BackEnd;
import dev.sweeprunner.train.kernels.Kernels;
import java.io.IOException;
import java.util.Map;
import jcuda.driver.CUdevice;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/** The fake driver's first GPU for one test. */
final class FakeGpu {
  private static final int TOKENS = 8192;

  private final FakeCuda fake;

  FakeGpu(FakeCuda fake) {
    this.fake = fake;
  }

  CudaBackEnd find(Map<String, String> settings) throws IOException, NoCuda {
    return find(0, settings);
  }

  CudaBackEnd find(int ordinal, Map<String, String> settings) throws IOException, NoCuda {
    return find(ordinal, settings, false);
  }

  CudaBackEnd find(int ordinal, Map<String, String> settings, boolean warpgroups)
      throws IOException, NoCuda {
    fake.configure(settings);
    CudaBackEnd found = CudaBackEnd.find(ordinal, new FreshFolder(), warpgroups);
    release(); // what other tests of this JVM may have left
    return found;
  }

  /** Kernels in bfloat16 for 32 features. */
  Kernels open(Map<String, String> settings) throws IOException, NoCuda {
    return find(settings).open(new BackEnd.Wish(true, 32, TOKENS));
  }

  /** Ends the context, as the end of a process would, with whatever is in it. */
  void release() {
    JCudaDriver.cuDevicePrimaryCtxReset(device());
  }

  /** Ends the context; all memory must have been given back. */
  void assertNothingIsLeft() throws IOException {
    assertThat(JCudaDriver.cuDevicePrimaryCtxRelease(device())).isEqualTo(CUresult.CUDA_SUCCESS);
    assertThat(fake.log()).last().isEqualTo("release allocations=0 bytes=0 pinned=0");
    assertThat(fake.violations()).isEmpty();
  }

  private static CUdevice device() {
    var device = new CUdevice();
    JCudaDriver.cuDeviceGet(device, 0);
    return device;
  }
}
