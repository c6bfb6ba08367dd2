package dev.sweeprunner.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ValueJsonTests {
  @Test
  void what_json_lacks_is_a_bare_token_at_any_depth() {
    assertThat(ValueJson.of(Double.NaN)).isEqualTo("NaN");
    assertThat(ValueJson.of(Double.POSITIVE_INFINITY)).isEqualTo("Infinity");
    assertThat(ValueJson.of(Float.NEGATIVE_INFINITY)).isEqualTo("-Infinity");
    assertThat(ValueJson.of(Map.of("a", List.of(Double.NaN)))).isEqualTo("{\"a\":[NaN]}");
  }

  @Test
  void numbers_keep_their_form() {
    assertThat(ValueJson.of(1)).isEqualTo("1");
    assertThat(ValueJson.of(1.0)).isEqualTo("1.0");
    assertThat(ValueJson.of(1e-20)).isEqualTo("1.0E-20");
    assertThat(ValueJson.of(new BigInteger("12345678901234567890")))
        .isEqualTo("12345678901234567890");
  }

  @Test
  void maps_keep_their_order_and_texts_are_escaped() {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("z\"", "a\\b\n\u0001ä😀");
    map.put("a", Arrays.asList(null, true, Map.of(), List.of()));
    map.put("p", Path.of("x"));

    assertThat(ValueJson.of(map))
        .isEqualTo("{\"z\\\"\":\"a\\\\b\\n\\u0001ä😀\",\"a\":[null,true,{},[]],\"p\":\"x\"}");
  }
}
