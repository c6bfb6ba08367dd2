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
}
