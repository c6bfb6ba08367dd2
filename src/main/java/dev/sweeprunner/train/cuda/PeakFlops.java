package dev.sweeprunner.train.cuda;

/**
 * What a GPU can do at most, nominally: operations per clock and multiprocessor, from NVIDIA's
 * architecture whitepapers (A100, GA102, Ada, H100, Blackwell: dense, a fused multiply-add counted
 * as two), times the number of multiprocessors and the highest clock that the driver names. Where a
 * whitepaper gives a total, it is for its boost clock, which may be lower than that highest one: an
 * H100 SXM's 989 TFLOP/s are for 1830 MHz, and its driver says 1980.
 */
final class PeakFlops {
  private PeakFlops() {}

  /** Floating-point operations per second for matrix products in a format; 0 if unknown. */
  static double of(GpuInfo gpuInfo, Format products) {
    long perClock = products == Format.BFLOAT16 ? tensor(gpuInfo) : 2L * cores(gpuInfo);
    return 1e3 * gpuInfo.clockKilohertz() * gpuInfo.multiprocessors() * perClock;
  }

  private static int tensor(GpuInfo gpuInfo) {
    return switch (10 * gpuInfo.major() + gpuInfo.minor()) {
      case 80 -> 2048;
      case 86, 89 -> 1024;
      case 90 -> 4096;
      default ->
          switch (gpuInfo.major()) {
            case 10 -> 8192;
            case 12 -> 1024;
            default -> 0;
          };
    };
  }

  private static int cores(GpuInfo gpuInfo) {
    return gpuInfo.major() == 8 && gpuInfo.minor() == 0 ? 64 : 128;
  }
}
