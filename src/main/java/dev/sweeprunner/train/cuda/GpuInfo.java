package dev.sweeprunner.train.cuda;

/**
 * A GPU as the driver describes it.
 *
 * @param ordinal its number among those that this process may see
 * @param name its model
 * @param major compute capability, before the point
 * @param minor and after it
 * @param memory bytes, whoever uses them
 * @param multiprocessors how many
 * @param clockKilohertz the highest clock of the multiprocessors, 0 if unknown
 */
record GpuInfo(
    int ordinal,
    String name,
    int major,
    int minor,
    long memory,
    int multiprocessors,
    int clockKilohertz) {
  /** For people: {@code cuda:0 NVIDIA H100 80GB HBM3, 80 GiB}. */
  String text() {
    long gib = 1L << 30;
    return label()
        + ", "
        + (memory < gib ? Driver.gib(memory) : Math.round(memory / (double) gib) + " GiB");
  }

  /** The same without the memory. */
  String label() {
    return "cuda:" + ordinal + " " + name;
  }

  /** Whether it is of the generation whose own instructions hopper.ptx has. */
  boolean isHopper() {
    return major == 9 && minor == 0;
  }

  /**
   * Floating-point operations per second for matrix products of a type that it can do at most,
   * nominally; 0 if unknown: operations per clock and multiprocessor, from NVIDIA's architecture
   * whitepapers (A100, GA102, Ada, H100, Blackwell: dense, a fused multiply-add counted as two),
   * times the number of multiprocessors and the highest clock that the driver names. Where a
   * whitepaper gives a total, it is for its boost clock, which may be lower than that highest one:
   * an H100 SXM's 989 TFLOP/s are for 1830 MHz, and its driver says 1980.
   */
  double peakFlops(DataType products) {
    long perClock = products == DataType.BFLOAT16 ? tensorFlops() : 2L * cores();
    return 1e3 * clockKilohertz * multiprocessors * perClock;
  }

  private int tensorFlops() {
    return switch (10 * major + minor) {
      case 80 -> 2048;
      case 86, 89 -> 1024;
      case 90 -> 4096;
      default ->
          switch (major) {
            case 10 -> 8192;
            case 12 -> 1024;
            default -> 0;
          };
    };
  }

  private int cores() {
    return major == 8 && minor == 0 ? 64 : 128;
  }
}
