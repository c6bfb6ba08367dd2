package dev.sweeprunner.train.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuantaTests {
  @ParameterizedTest
  @CsvSource({
    "2048, 64, 8192, 16",
    "1, 64, 8192, 1",
    "129, 64, 8192, 2",
    "3, 10000, 10000, 3",
    "5, 3000, 6000, 3"
  })
  void a_quantum_is_as_many_whole_rows_as_fit(int rows, int length, int quantum, int count) {
    Quanta quanta = Quanta.of(rows, length);

    assertThat(quanta.quantum()).isEqualTo(quantum);
    assertThat(quanta.count()).isEqualTo(count);
  }

  @Test
  void parts_are_the_whole() {
    Quanta quanta = new Quanta(1000, 300);
    var tokens = new ArrayList<Integer>();
    for (int first = 0; first < quanta.count(); first += 2) {
      Quanta part = quanta.part(first, 2);
      assertThat(part.quantum()).isEqualTo(300);
      tokens.add(part.tokens());
    }

    assertThat(tokens).containsExactly(600, 400);
  }

  @Test
  void pieces_do_not_cross_quanta() {
    assertThat(new Quanta(700, 300).pieces(128)).isEqualTo(new Quanta.Pieces(128, 3, 9));
    assertThat(new Quanta(700, 300).pieces(8192)).isEqualTo(new Quanta.Pieces(8192, 1, 3));
  }
}
