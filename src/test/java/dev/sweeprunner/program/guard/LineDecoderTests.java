package dev.sweeprunner.program.guard;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineDecoderTests {
  private static final String MARK = "\0end 17\0\n";
  private final List<String> lines = new ArrayList<>();
  private boolean stops = true;
  private int marks;

  private final LineDecoder decoder =
      new LineDecoder(
          MARK,
          new LineDecoder.Sink() {
            @Override
            public void line(String line) {
              lines.add(line);
            }

            @Override
            public boolean marked() {
              lines.add("mark " + ++marks);
              return stops;
            }
          });

  private void take(byte[] bytes) {
    for (byte each : bytes) {
      decoder.take(new byte[] {each}, 1);
    }
  }

  private void take(String text) {
    take(text.getBytes(UTF_8));
  }

  @Test
  void lines_end_with_a_newline_with_or_without_a_return() {
    take("a\n\nb\r\nc");

    assertThat(lines).containsExactly("a", "", "b");
    assertThat(decoder.unfinished()).isEqualTo("c");
  }

  @Test
  void a_bar_is_its_last_state_and_shows_it_before_its_end() {
    for (int i = 0; i < 5000; i++) {
      take("\r" + i + "/5000");
    }
    assertThat(decoder.unfinished()).isEqualTo("4999/5000");
    take("\r5000/5000\nnext\n");

    assertThat(lines).containsExactly("5000/5000", "next");
  }

  @Test
  void a_last_return_does_not_empty_the_line() {
    take("\r10%\r");
    decoder.finish();

    assertThat(lines).containsExactly("10%");
  }

  @Test
  void what_is_no_utf8_is_replaced() {
    take("na\u00efve \ud83d\ude00\n");
    take("x\u00e9\u00ffy\n".getBytes(ISO_8859_1));

    assertThat(lines).containsExactly("na\u00efve \ud83d\ude00", "x\ufffd\ufffdy");
  }

  @Test
  void terminal_codes_are_gone() {
    take("\u001b[1;34mwandb\u001b[0m: \u001b[Aup \u001b]0;title\u0007done\u001b(B\n");

    assertThat(lines).containsExactly("wandb: up done");
  }

  @Test
  void a_long_line_is_cut_between_letters_and_says_how_much() {
    decoder.take("x".getBytes(UTF_8), 1);
    byte[] more = "\u00ef".repeat(5 << 20).getBytes(UTF_8);
    decoder.take(more, more.length);
    take("\nnext\n");

    assertThat(lines).hasSize(2).last().isEqualTo("next");
    int cut = more.length + 1 - (LineDecoder.LONGEST - 1);
    assertThat(lines.get(0))
        .startsWith("x\u00ef\u00ef")
        .endsWith("\u00ef ... " + cut + " bytes left out");
  }

  @Test
  void after_the_mark_nothing_counts_and_what_was_begun_is_a_line_before_it() {
    decoder.take(("last" + MARK + "more\n").getBytes(UTF_8), 4 + MARK.length() + 5);

    assertThat(lines).containsExactly("last", "mark 1");
  }

  @Test
  void a_mark_that_does_not_stop_ends_a_line_and_no_more() {
    stops = false;

    take("ab" + MARK + "cd\n");

    assertThat(lines).containsExactly("ab", "mark 1", "cd");
  }

  @Test
  void zero_bytes_and_other_marks_are_text() {
    take("a\0b\0\0end 1\0end 18\0\n");

    assertThat(lines).containsExactly("a\0b\0\0end 1\0end 18\0");
    assertThat(marks).isZero();
  }
}
