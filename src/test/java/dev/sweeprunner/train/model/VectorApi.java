package dev.sweeprunner.train.model;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sweeprunner.train.cpu.CpuBackEnd;

/**
 * The CPU by the Vector API; a test that asks for it is skipped where the JVM does not offer it.
 */
final class VectorApi {
  private VectorApi() {}

  static CpuBackEnd backEnd(int threads) {
    CpuBackEnd found = CpuBackEnd.of(threads, System.getProperty("java.vm.info", ""));
    assumeTrue(found.simd(), "needs --add-modules jdk.incubator.vector, and C2");
    return found;
  }
}
