package dev.sweeprunner.train.cpu;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sweeprunner.train.cpu.CpuBackEnd.Vectors;

/**
 * The CPU by the Vector API; a test that asks for it is skipped where the JVM does not offer it.
 */
public final class VectorApi {
  private VectorApi() {}

  /** Also for small calls. */
  public static CpuBackEnd backEnd(int threads) {
    CpuBackEnd found = CpuBackEnd.of(threads, System.getProperty("java.vm.info", ""));
    assumeTrue(
        found.vectors() == Vectors.WHERE_WORTH, "needs --add-modules jdk.incubator.vector, and C2");
    return new CpuBackEnd(threads, Vectors.ALWAYS);
  }
}
