package dev.sweeprunner.relay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.relay.StreamPost.Part;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Posts as they come. */
class PostReaderTests {
  @Test
  void a_post_is_read_in_any_order_of_its_members() throws Exception {
    StreamPost post =
        read(
            """
            {"exitcode":3,"uploaded":["a"],"files":{
              "wandb-history.jsonl":{"content":["{\\"a\\":NaN}","\\u00e4"],"offset":7},
              "output.log":{"offset":0,"content":[]}},
             "preempting":true,"complete":true}\
            """);

    assertThat(post.parts())
        .containsExactly(
            new Part("wandb-history.jsonl", 7, List.of("{\"a\":NaN}", "ä")),
            new Part("output.log", 0, List.of()));
    assertThat(post.complete()).isTrue();
    assertThat(post.exitCode()).isEqualTo(3);
    assertThat(post.tooLong()).isZero();
  }

  @Test
  void a_heartbeat_says_nothing() throws Exception {
    assertThat(read("{}")).isEqualTo(new StreamPost(List.of(), false, 0, 0));
  }

  @Test
  void a_line_that_is_no_text_is_an_empty_one() throws Exception {
    StreamPost post = read("{\"files\":{\"f\":{\"content\":[1,{\"a\":[2]},\"x\",null]}}}");

    assertThat(post.parts().get(0).lines()).containsExactly("", "", "x", "");
  }

  @Test
  void there_are_only_so_many_lines_in_a_post() {
    String lines = "\"\",".repeat(PostReader.MOST_LINES) + "\"\"";

    assertThatThrownBy(() -> read("{\"files\":{\"f\":{\"content\":[" + lines + "]}}}"))
        .isInstanceOf(Body.TooLarge.class);
  }

  @Test
  void a_pile_of_brackets_is_no_post() {
    assertThatThrownBy(() -> read("{\"a\":" + "[".repeat(100_000)))
        .isInstanceOf(UnreadableJson.class);
  }

  private static StreamPost read(String json) throws IOException, UnreadableJson {
    return PostReader.read(new ByteArrayInputStream(json.getBytes(UTF_8)));
  }
}
