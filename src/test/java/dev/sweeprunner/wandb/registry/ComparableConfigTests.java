package dev.sweeprunner.wandb.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.json.Json;
import dev.sweeprunner.json.UnreadableJson;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which configs are the same run. */
class ComparableConfigTests {
  private static final String NESTED =
      """
      {"model":{"n_embd":8,"dropout":0.0,"size_tier":null},"training":{"max_iters":1000000.0},
       "experiment":{"translation_ratio":0.5},
       "data":{"source":"uniform","uniform_seed":3,"bins":["a","b"]},"optimizer":{"beta1":0.9}}
      """;

  private static @Nullable String digest(String json) throws UnreadableJson {
    return ComparableConfig.digest(Json.object(json.getBytes(UTF_8))).orElse(null);
  }

  @Test
  void a_nested_config_and_a_flat_one_are_the_same() throws UnreadableJson {
    String flat =
        """
        {"model.n_embd":8.0,"model.dropout":0,"model.size_tier":null,"training.max_iters":1000000,
         "experiment.translation_ratio":5e-1,"data.source":"uniform","data.uniform_seed":3,
         "data.bins":["a","b"],"optimizer.beta1":0.90,"wandb_version":1}
        """;

    assertThat(digest(flat)).isNotNull().isEqualTo(digest(NESTED));
  }

  @Test
  void where_a_section_is_given_both_ways_the_object_counts() throws UnreadableJson {
    String both = NESTED.replace("{\"model\"", "{\"model.n_embd\":16,\"model\"");

    assertThat(digest(both)).isEqualTo(digest(NESTED));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '!',
      value = {
        "\"n_embd\":8 | \"n_embd\":9",
        "\"n_embd\":8 | \"n_embd\":\"8\"",
        "\"n_embd\":8 | \"n_embd\":true",
        ",\"size_tier\":null | ",
        "\"size_tier\":null | \"size_tier\":\"null\"",
        "\"size_tier\":null | \"size_tier\":null,\"extra\":null",
        "[\"a\",\"b\"] | [\"a,b\"]",
        "[\"a\",\"b\"] | [\"b\",\"a\"]",
        "\"beta1\":0.9 | \"beta1\":0.90000001",
        "\"uniform_seed\":3 | \"uniform_seed\":4",
      })
  void any_difference_counts(String one, @Nullable String other) throws UnreadableJson {
    String changed = NESTED.replace(one, other == null ? "" : other);

    assertThat(changed).isNotEqualTo(NESTED);
    assertThat(digest(changed)).isNotNull().isNotEqualTo(digest(NESTED));
  }

  @Test
  void the_seed_of_uniform_data_does_not_count_for_pretokenized_data() throws UnreadableJson {
    String tokens = NESTED.replace("\"uniform\",", "\"pretokenized\",");
    String other = tokens.replace("\"uniform_seed\":3", "\"uniform_seed\":4");
    String without = tokens.replace("\"uniform_seed\":3,", "");

    assertThat(digest(other)).isEqualTo(digest(tokens)).isNotEqualTo(digest(NESTED));
    assertThat(digest(without)).isEqualTo(digest(tokens));
  }

  @ParameterizedTest
  @CsvSource({"model", "training", "experiment", "data", "optimizer"})
  void a_config_without_a_section_is_comparable_with_nothing(String section) throws UnreadableJson {
    assertThat(digest(NESTED.replace("\"" + section + "\"", "\"renamed\""))).isNull();
  }

  @Test
  void what_is_not_compared_changes_nothing() {
    assertThat(ComparableConfig.digest(Map.of("lr", Map.of("warmup_iters", 1L)))).isEmpty();
  }
}
