package dev.sweeprunner.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestTests {
  private static final List<String> KNOWN = List.of("values", "value", "parameters", "n_layer");

  @Test
  void a_word_with_few_wrong_letters_finds_its_neighbour() {
    assertThat(Nearest.to("parametres", KNOWN)).contains("parameters");
    assertThat(Nearest.to("n_layers", KNOWN)).contains("n_layer");
    assertThat(Nearest.to("valuess", KNOWN)).contains("values");
  }

  @Test
  void the_nearer_of_two_neighbours_wins() {
    assertThat(Nearest.to("valu", KNOWN)).contains("value");
    assertThat(Nearest.to("valuesx", KNOWN)).contains("values");
  }

  @Test
  void a_foreign_word_finds_nothing() {
    assertThat(Nearest.to("optimizer", KNOWN)).isEmpty();
    assertThat(Nearest.to("x", List.of("y"))).isEmpty();
    assertThat(Nearest.to("", KNOWN)).isEmpty();
  }
}
