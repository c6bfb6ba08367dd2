package dev.sweeprunner.wandb.offline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class MessageTests {
  @Test
  void varints_take_seven_bits_a_byte_low_ones_first() {
    assertThat(hex(new Message().number(1, 0))).isEqualTo("0800");
    assertThat(hex(new Message().number(1, 127))).isEqualTo("087f");
    assertThat(hex(new Message().number(1, 128))).isEqualTo("088001");
    assertThat(hex(new Message().number(1, 150))).isEqualTo("089601");
    assertThat(hex(new Message().number(1, 16_384))).isEqualTo("08808001");
  }

  @Test
  void a_negative_number_takes_ten_bytes() {
    assertThat(hex(new Message().number(1, -1))).isEqualTo("08ffffffffffffffffff01");
    assertThat(hex(new Message().number(1, Long.MIN_VALUE))).isEqualTo("0880808080808080808001");
  }

  @Test
  void field_numbers_from_16_on_take_a_second_byte() {
    assertThat(hex(new Message().number(15, 1))).isEqualTo("7801");
    assertThat(hex(new Message().number(16, 1))).isEqualTo("800101");
    assertThat(hex(new Message().number(200, 1))).isEqualTo("c00c01");
  }

  @Test
  void texts_are_utf_8_with_their_length_in_bytes_and_null_is_left_out() {
    assertThat(hex(new Message().text(2, "testing"))).isEqualTo("120774657374696e67");
    assertThat(hex(new Message().text(2, "ä€"))).isEqualTo("1205c3a4e282ac");
    assertThat(hex(new Message().text(2, ""))).isEqualTo("1200");
    assertThat(hex(new Message().text(2, null))).isEmpty();
  }

  @Test
  void a_message_inside_another_stands_behind_its_length() {
    Message inner = new Message().number(1, 150);

    assertThat(hex(new Message().message(3, inner).message(4, new Message())))
        .isEqualTo("1a03089601" + "2200");
  }

  @Test
  void a_long_text_has_a_length_of_several_bytes() {
    byte[] message = new Message().text(1, "x".repeat(300)).bytes();

    assertThat(message).hasSize(303).startsWith(0x0a, 0xac, 0x02);
  }

  private static String hex(Message message) {
    return HexFormat.of().formatHex(message.bytes());
  }
}
