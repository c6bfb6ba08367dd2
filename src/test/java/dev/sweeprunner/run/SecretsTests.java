package dev.sweeprunner.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTests {
  private static final String LONG = "Ab1".repeat(14);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "+wandb.login(key=\"<S>\")",
        "+wandb.login(key='<S>')",
        "+export WANDB_API_KEY=<S>",
        " WANDB_API_KEY: <S>",
        "-{\"hf_token\": \"<S>\"}",
        "+os.environ[\"OPENAI_API_KEY\"] = \"<S>\"",
        "+aws_secret_access_key = <S>",
        "+password: <S>",
        "+db_password=\"<S>\"",
        "+curl -H 'Authorization: Bearer <S>'",
        "+git clone https://ada:<S>@host/x.git",
        "+train.py --api-key <S> --lr 1",
        "+train.py --api_key=<S> --lr 1",
        "+train.py --password <S>",
      })
  void what_is_assigned_to_the_name_of_a_secret_is_hidden(String line) {
    assertThat(Secrets.hidden(line.replace("<S>", LONG)))
        .isEqualTo(line.replace("<S>", Secrets.MASK));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0123456789abcdef0123456789abcdef01234567",
        "wandb_v1_AbCd1234_efgh",
        "hf_AbCdEfGhIjKlMnOpQrSt",
        "sk-proj-AbCdEfGh_ijklmnop",
        "ghp_AbCdEfGhIjKlMnOpQrSt",
        "github_pat_11ABCDEFG_abcdefghij",
        "AKIAABCDEFGHIJKLMNOP",
      })
  void a_key_of_a_known_shape_is_hidden_wherever_it_stands(String key) {
    assertThat(Secrets.hidden("+x(" + key + ", 1)")).isEqualTo("+x([secret left out], 1)");
    assertThat(Secrets.hidden(key)).isEqualTo("[secret left out]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "+learning_rate: 3e-4",
        "+n_tokens = 4096; tokenizer = AutoTokenizer.from_pretrained(name)",
        "+rows.sort(key=lambda row: row.step)",
        "+num_key_value_heads: 8",
        "+api_key = os.environ[\"WANDB_API_KEY\"]",
        "+  WANDB_API_KEY: ${WANDB_API_KEY}",
        "-Subproject commit 0123456789abcdef0123456789abcdef01234567",
        "index 1234567..89abcde 100644",
        "+the task-specific-and-rather-long-name of a disk",
        "+see https://docs.wandb.ai/guides#key",
        "",
      })
  void what_is_no_secret_stays(String line) {
    assertThat(Secrets.hidden(line)).isEqualTo(line);
  }

  @Test
  void a_line_of_base64_alone_may_be_of_a_private_key() {
    assertThat(Secrets.hidden("+" + "Qm9".repeat(21) + "Q")).isEqualTo("+[secret left out]");
  }

  @Test
  void a_variable_is_known_by_its_name_or_by_its_value() {
    assertThat(Secrets.hidden("MY_TOKEN", "x")).isEqualTo(Secrets.MASK);
    assertThat(Secrets.hidden("DB_PASSWORD_OLD", "x")).isEqualTo(Secrets.MASK);
    assertThat(Secrets.hidden("X", "hf_AbCdEfGhIjKlMnOpQrSt")).isEqualTo(Secrets.MASK);
    assertThat(Secrets.hidden("TOKENIZERS_PARALLELISM", "false")).isEqualTo("false");
    assertThat(Secrets.hidden("MY_TOKEN", "")).isEmpty();
  }

  @Test
  void a_word_after_an_option_is_hidden() {
    List<String> words =
        List.of("x", "--password", "pw", "--api_key", LONG, "--key", "5", "--lr", "1");

    assertThat(Secrets.hidden(words))
        .containsExactly(
            "x", "--password", Secrets.MASK, "--api_key", Secrets.MASK, "--key", "5", "--lr", "1");
  }

  @Test
  void a_diff_of_a_megabyte_in_one_line_or_in_many_takes_no_time() {
    String words = "api_key_token_secret=".repeat(50_000);
    List<String> lines = List.of(words.substring(0, 19_000), words, "a".repeat(19_999));

    org.junit.jupiter.api.Assertions.assertTimeout(
        Duration.ofSeconds(5), () -> lines.forEach(Secrets::hidden));
  }
}
