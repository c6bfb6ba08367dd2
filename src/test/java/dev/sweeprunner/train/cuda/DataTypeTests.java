package dev.sweeprunner.train.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DataTypeTests {
  @ParameterizedTest
  @EnumSource
  void numbers_of_few_digits_come_back(DataType type) {
    float[] values = {0, 1, -2.5f, 96, Float.POSITIVE_INFINITY, Float.MIN_NORMAL};

    assertThat(thereAndBack(type, values)).containsExactly(values);
  }

  @Test
  void others_are_rounded_to_the_nearest_even_one_in_bfloat16() {
    float step = 1f / 128;
    float[] values = {
      1 + 0.49f * step, 1 + 0.51f * step, 1 + 0.5f * step, 1 + 1.5f * step, -1.001f
    };

    assertThat(thereAndBack(DataType.BFLOAT16, values))
        .containsExactly(1, 1 + step, 1, 1 + 2 * step, -1);
  }

  @Test
  void no_number_stays_none() {
    float[] values = {Float.NaN, Float.intBitsToFloat(0x7f800001), Float.MAX_VALUE};

    float[] back = thereAndBack(DataType.BFLOAT16, values);

    assertThat(back[0]).isNaN();
    assertThat(back[1]).isNaN();
    assertThat(back[2]).isInfinite();
  }

  private static float[] thereAndBack(DataType type, float[] values) {
    var memory =
        ByteBuffer.allocateDirect(type.bytes() * values.length).order(ByteOrder.nativeOrder());
    type.write(values, 0, values.length, memory);
    float[] back = new float[values.length];
    type.read(memory, back, 0, values.length);
    return back;
  }
}
