package dev.sweeprunner.train.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.train.TinyConfig;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KindMixTests {
  private final TinyConfig config = new TinyConfig();

  @Test
  void absolute_mode_splits_a_tenth_to_translations() {
    config.ratio = 0.1;

    assertThat(counts(1000)).isEqualTo(Map.of("0", 450L, "1", 450L, "0>1", 50L, "1>0", 50L));
  }

  @Test
  void compartment_mode_counts_translations_as_one_more_compartment() {
    config.ratioMode = "compartment";
    config.ratio = 1;
    config.compartments = 3;

    assertThat(counts(24))
        .isEqualTo(
            Map.of(
                "0", 6L, "1", 6L, "2", 6L, "0>1", 1L, "0>2", 1L, "1>0", 1L, "1>2", 1L, "2>0", 1L,
                "2>1", 1L));
  }

  @Test
  void unequal_weights_grow_with_the_compartment() {
    config.scaling = "unequal";
    config.compartments = 3;
    config.ratio = 0.5;

    // Plain 1:2:3 of a half; pairs 2:3:6 of a half, in two directions.
    assertThat(counts(132))
        .isEqualTo(
            Map.of(
                "0", 11L, "1", 22L, "2", 33L, "0>1", 6L, "0>2", 9L, "1>0", 6L, "1>2", 18L, "2>0",
                9L, "2>1", 18L));
  }

  @Test
  void what_is_left_goes_by_largest_remainder_then_by_kind_source_and_destination() {
    config.compartments = 3;
    config.ratio = 0.5;

    // Quotas: plain 7/6 each, translations 7/12 each: six remainders of 7/12 before three of 1/6.
    assertThat(counts(7))
        .isEqualTo(Map.of("0", 1L, "1", 1L, "2", 1L, "0>1", 1L, "0>2", 1L, "1>0", 1L, "1>2", 1L));
  }

  @Test
  void a_decimal_ratio_is_taken_as_written() {
    config.ratio = 0.3;

    assertThat(counts(10)).isEqualTo(Map.of("0", 4L, "1", 4L, "0>1", 1L, "1>0", 1L));
    assertThat(counts(20)).isEqualTo(Map.of("0", 7L, "1", 7L, "0>1", 3L, "1>0", 3L));
  }

  @Test
  void extremes_leave_kinds_out() {
    config.ratio = 1;
    assertThat(counts(6)).isEqualTo(Map.of("0>1", 3L, "1>0", 3L));

    config.ratio = 0;
    assertThat(counts(6)).isEqualTo(Map.of("0", 3L, "1", 3L));

    config.compartments = 1;
    assertThat(counts(6)).isEqualTo(Map.of("0", 6L));
  }

  @Test
  void many_compartments_and_rows_stay_exact() {
    config.compartments = 128;
    config.scaling = "unequal";
    config.ratio = 0.25;
    config.ratioMode = "compartment";
    long total = 1_000_000L * 2048;

    KindMix.Allocation allocation = KindMix.of(config.build().experiment()).allocate(total);

    assertThat(allocation.kind(0)).isEqualTo(RowKind.plain(0));
    assertThat(allocation.kind(total - 1)).isEqualTo(new RowKind(127, 126));
  }

  private Map<String, Long> counts(long total) {
    KindMix.Allocation allocation = KindMix.of(config.build().experiment()).allocate(total);
    Map<String, Long> counts = new LinkedHashMap<>();
    for (long i = 0; i < total; i++) {
      RowKind kind = allocation.kind(i);
      String name = kind.translation() ? kind.src() + ">" + kind.dst() : "" + kind.src();
      counts.merge(name, 1L, Long::sum);
    }
    return counts;
  }
}
