package dev.sweeprunner.train.cuda;

import dev.sweeprunner.train.kernels.DeviceFailure;
import java.util.Locale;
import java.util.Set;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;
import org.jspecify.annotations.Nullable;

/** What the driver's results mean. */
final class Driver {
  /** After these, every later call on the context fails as well. */
  private static final Set<Integer> LOST =
      Set.of(214, 220, 226, 700, 702, 709, 710, 714, 715, 716, 717, 718, 719, 721);

  private Driver() {}

  /** Throws unless the call went well. */
  static void check(int result, String call) {
    if (result != CUresult.CUDA_SUCCESS) {
      throw failure(result, call);
    }
  }

  /** As {@link #check(int, String)}; the text is put together only where it is needed. */
  static void check(int result, String call, String what) {
    if (result != CUresult.CUDA_SUCCESS) {
      throw failure(result, call + " of " + what);
    }
  }

  /** The failure that a result is. */
  static DeviceFailure failure(int result, String call) {
    DeviceFailure.Kind kind =
        result == CUresult.CUDA_ERROR_OUT_OF_MEMORY
            ? DeviceFailure.Kind.FULL
            : DeviceFailure.Kind.BROKEN;
    return new DeviceFailure(kind, sentence(result, call));
  }

  /** What failed, how, and what that means. */
  static String sentence(int result, String call) {
    String lost = LOST.contains(result) ? "; the GPU's context is lost" : "";
    return call + " failed: " + text(result) + lost + ".";
  }

  /** Name, number and meaning of a result. */
  static String text(int result) {
    String meaning = meaning(result);
    String name = CUresult.stringFor(result) + " (" + result + ")";
    return meaning == null ? name : name + ": " + meaning;
  }

  /** Bytes for people. */
  static String gib(long bytes) {
    if (bytes < 1L << 20) {
      return (bytes + 1023 >> 10) + " KiB";
    }
    return bytes < 1L << 30
        ? (bytes >> 20) + " MiB"
        : String.format(Locale.ROOT, "%.1f GiB", bytes / (double) (1L << 30));
  }

  private static @Nullable String meaning(int result) {
    @Nullable String[] text = new @Nullable String[1];
    int found = JCudaDriver.cuGetErrorString(result, text);
    return found == CUresult.CUDA_SUCCESS ? text[0] : null;
  }
}
