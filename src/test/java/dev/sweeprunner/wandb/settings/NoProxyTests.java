package dev.sweeprunner.wandb.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Go's rules for hosts without a proxy; {@code ;} stands for a comma. */
class NoProxyTests {
  private static final long SEED = 20_260_901;
  private static final int ROUNDS = 2_000;

  @ParameterizedTest
  @CsvSource({
    "'', a.org, false",
    "*, a.org, true",
    "b.org; *, a.org, true",
    "a.org, a.org, true",
    "A.Org, a.oRG, true",
    "a.org, x.a.org, true",
    "a.org, xa.org, false",
    "a.org, org, false",
    ".a.org, a.org, false",
    ".a.org, x.y.a.org, true",
    "*.a.org, a.org, false",
    "*.a.org, x.a.org, true",
    "x.*.org, x.a.org, false",
    "' b.org ;; a.org ', a.org, true",
    "a.org:443, a.org, true",
    "a.org:443, x.a.org, true",
    "a.org:80, a.org, false",
    "a.org:, a.org, true",
    ":443, a.org, false",
    "10.1.2.3, 10.1.2.3, true",
    "10.1.2.3, 10.1.2.4, false",
    "10.1.2.3:443, 10.1.2.3, true",
    "10.1.2.3:80, 10.1.2.3, false",
    "0.2.3, 10.0.2.3, true",
    "10.0.0.0/8, 10.200.1.1, true",
    "10.0.0.0/8, 11.0.0.1, false",
    "10.77.0.1/8, 10.200.1.1, true",
    "0.0.0.0/0, 8.8.8.8, true",
    "0.0.0.0/0, a.org, false",
    "0.0.0.0/0, fd00::1, false",
    "10.0.0.0/33, 10.0.0.0, false",
    "10.0.0.08, 10.0.0.8, false",
    "fd00::/8, [fd12:3::4], true",
    "fd00::/8, fe80::1, false",
    "fd00::1, [fd00:0:0::1], true",
    "[fd00::1]:443, fd00::1, true",
    "[fd00::1]:80, fd00::1, false",
    "10.1.2.3, ::ffff:10.1.2.3, true",
    "'', localhost, true",
    "'', LOCALHOST, true",
    "'', 127.0.0.1, true",
    "'', 127.9.9.9, true",
    "'', [::1], true",
    "'', ::2, false",
    "'', localhost.org, false",
    "'', 128.0.0.1, false",
  })
  void a_request_to_port_443_is_direct_where_the_list_says_so(
      String list, String host, boolean direct) {
    assertThat(new NoProxy(list.replace(';', ',')).covers(host, 443)).isEqualTo(direct);
  }

  @Test
  void a_name_holds_for_itself_and_all_below_it_and_for_no_neighbour() {
    Random random = new Random(SEED);
    for (int i = 0; i < ROUNDS; i++) {
      String domain = label(random) + "." + label(random);
      String below = label(random) + "." + domain;
      String neighbour = label(random) + domain;
      int port = 1 + random.nextInt(65_535);

      NoProxy plain = new NoProxy(noise(random, domain));
      NoProxy dotted = new NoProxy(noise(random, "." + domain));
      NoProxy withPort = new NoProxy(noise(random, domain + ":" + port));

      assertThat(plain.covers(domain, port)).as("seed %d, %s", SEED, domain).isTrue();
      assertThat(plain.covers(below, port)).as("seed %d, %s", SEED, below).isTrue();
      assertThat(plain.covers(neighbour, port)).as("seed %d, %s", SEED, neighbour).isFalse();
      assertThat(dotted.covers(domain, port)).as("seed %d, %s", SEED, domain).isFalse();
      assertThat(dotted.covers(below, port)).as("seed %d, %s", SEED, below).isTrue();
      assertThat(withPort.covers(below, port)).as("seed %d, %s", SEED, below).isTrue();
      assertThat(withPort.covers(below, port == 1 ? 2 : port - 1))
          .as("seed %d, %s", SEED, below)
          .isFalse();
    }
  }

  @Test
  void a_range_holds_for_the_addresses_that_integer_arithmetic_says() {
    Random random = new Random(SEED);
    for (int i = 0; i < ROUNDS; i++) {
      int prefix = random.nextInt(33);
      long base = random.nextInt() & 0xffff_ffffL;
      int flipped = random.nextInt(32);
      long other = base ^ (1L << (31 - flipped));
      NoProxy list = new NoProxy(noise(random, dotted(base) + "/" + prefix));

      assertThat(list.covers(dotted(base), 443)).as("seed %d, %s", SEED, dotted(base)).isTrue();
      assertThat(list.covers(dotted(other), 443))
          .as("seed %d, %s", SEED, dotted(base) + "/" + prefix + " and " + dotted(other))
          .isEqualTo(flipped >= prefix || other >> 24 == 127);
    }
  }

  @Test
  void more_entries_never_send_a_direct_request_through_the_proxy() {
    Random random = new Random(SEED);
    for (int i = 0; i < ROUNDS; i++) {
      String host = label(random) + "." + label(random);
      String first = random.nextBoolean() ? host : label(random);
      String second = random.nextBoolean() ? dotted(random.nextInt() & 0xffff_ffffL) : "." + host;

      boolean one = new NoProxy(first).covers(host, 443);
      boolean both = new NoProxy(noise(random, first) + "," + second).covers(host, 443);

      assertThat(both)
          .as("seed %d, %s", SEED, first + "," + second + " for " + host)
          .isEqualTo(one);
      assertThat(new NoProxy(second + ",*," + first).covers(host, 443)).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.2.3",
        "1.2.3.4.5",
        "256.1.1.1",
        "01.2.3.4",
        "a.b.c.d",
        "",
        ":",
        "1::2::3",
        "::1%lo",
        "[::1]",
        "12345::"
      })
  void a_text_that_is_no_address_is_none(String text) {
    assertThat(IpAddress.of(text)).isEmpty();
  }

  private static String label(Random random) {
    StringBuilder label = new StringBuilder();
    int length = 1 + random.nextInt(6);
    for (int i = 0; i < length; i++) {
      label.append((char) ('a' + random.nextInt(26)));
    }
    return label.toString();
  }

  /** The entry in other letters, with blanks, among entries that hold for nothing here. */
  private static String noise(Random random, String entry) {
    List<String> shapes =
        List.of(entry, " " + entry, entry + "\t", entry.toUpperCase(Locale.ROOT), ",," + entry);
    String before = random.nextBoolean() ? "Zzz-1.example:7," : "";
    return before + shapes.get(random.nextInt(shapes.size())) + ",-";
  }

  private static String dotted(long address) {
    return String.format(
        Locale.ROOT,
        "%d.%d.%d.%d",
        address >> 24 & 255,
        address >> 16 & 255,
        address >> 8 & 255,
        address & 255);
  }
}
