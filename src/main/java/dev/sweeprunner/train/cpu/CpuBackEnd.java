package dev.sweeprunner.train.cpu;

import dev.sweeprunner.train.kernels.BackEnd;
import dev.sweeprunner.train.kernels.Kernels;

/**
 * This machine's processors, always in float32.
 *
 * @param threads that compute, at least 1; the results do not depend on it
 * @param vectors when by the Vector API; the results do not depend on it either
 */
public record CpuBackEnd(int threads, Vectors vectors) implements BackEnd {
  private static final String MODULE = "jdk.incubator.vector";

  /** By plain loops, which any JVM runs. */
  public CpuBackEnd(int threads) {
    this(threads, Vectors.NEVER);
  }

  /** When the Vector API is used; for the last two its module must be there. */
  public enum Vectors {
    /** Plain loops only. */
    NEVER,
    /** Plain loops, for want of the module. */
    MISSING,
    /** Where a call is large enough. */
    WHERE_WORTH,
    /** For small calls too: for tests. */
    ALWAYS
  }

  /**
   * As this JVM does it best: the Vector API where its module is there and the optimising compiler,
   * without which each of its operations is a call.
   *
   * @param wished how many threads, 0 for one per core
   * @param compilers the JVM's property {@code java.vm.info}
   */
  public static CpuBackEnd of(int wished, String compilers) {
    int threads = wished > 0 ? wished : Runtime.getRuntime().availableProcessors();
    if (!optimises(compilers)) {
      return new CpuBackEnd(threads, Vectors.NEVER);
    }
    boolean offered = ModuleLayer.boot().findModule(MODULE).isPresent();
    return new CpuBackEnd(threads, offered ? Vectors.WHERE_WORTH : Vectors.MISSING);
  }

  @Override
  public String device() {
    return "cpu, " + threads + (threads == 1 ? " thread" : " threads");
  }

  @Override
  public String advice() {
    return vectors != Vectors.MISSING
        ? ""
        : "Without Java's Vector API this CPU trains 2 to 3 times slower, to the same bits: start"
            + " java with --add-modules "
            + MODULE
            + ", as ./sweep-runner does.";
  }

  @Override
  public Kernels open(Wish wish) {
    return new CpuKernels(threads, vectors);
  }

  private static boolean optimises(String compilers) {
    return compilers.startsWith("mixed mode") && !compilers.contains("emulated-client");
  }
}
