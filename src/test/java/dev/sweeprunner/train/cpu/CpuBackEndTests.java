package dev.sweeprunner.train.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.train.cpu.CpuBackEnd.Vectors;
import dev.sweeprunner.train.kernels.BackEnd;
import dev.sweeprunner.train.kernels.Kernels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CpuBackEndTests {
  private static final boolean OFFERED =
      ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();

  @ParameterizedTest
  @ValueSource(strings = {"interpreted mode, sharing", "mixed mode, emulated-client, sharing", ""})
  void without_the_optimising_compiler_vectors_are_left_alone(String compilers) {
    CpuBackEnd found = CpuBackEnd.of(2, compilers);

    assertThat(found.vectors()).isEqualTo(Vectors.NEVER);
    assertThat(found.advice()).isEmpty();
  }

  @Test
  void with_it_they_are_used_where_the_module_is_and_advised_where_it_is_not() {
    CpuBackEnd found = CpuBackEnd.of(2, "mixed mode, sharing");

    assertThat(found.vectors()).isEqualTo(OFFERED ? Vectors.WHERE_WORTH : Vectors.MISSING);
    assertThat(found.advice().contains("--add-modules jdk.incubator.vector")).isEqualTo(!OFFERED);
  }

  @Test
  void the_kernels_have_one_version_whatever_computes_them() {
    BackEnd.Wish wish = new BackEnd.Wish(false, 8, BackEnd.Wish.FEWEST_TOKENS);
    try (Kernels plain = new CpuBackEnd(1).open(wish);
        Kernels vectors = VectorApi.backEnd(2).open(wish)) {
      assertThat(vectors.traits()).isEqualTo(plain.traits());
    }
  }
}
