package dev.sweeprunner.testkit;

import dev.sweeprunner.train.cuda.CudaBackEnd;
import dev.sweeprunner.train.cuda.NoCuda;
import dev.sweeprunner.train.kernels.BackEnd;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A GPU in this JVM whose kernels run on the processors; the test is skipped where there is none.
 */
public final class FakeGpu {
  private static @Nullable BackEnd gpu;

  private FakeGpu() {}

  /** The one GPU, with the fake driver's settings as they are when a context is made. */
  public static synchronized BackEnd backEnd() {
    if (gpu == null) {
      try {
        FakeCuda fake = FakeCuda.load();
        fake.configure(Map.of("cores", "2"));
        gpu = CudaBackEnd.find(0, (name, content, load) -> load.run());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (NoCuda e) {
        throw new AssertionError(e);
      }
    }
    return gpu;
  }

  /** What the host or a kernel did that it must not. */
  public static synchronized Iterable<String> violations() {
    try {
      return FakeCuda.load().violations();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
