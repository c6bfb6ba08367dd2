package dev.sweeprunner.wandb.settings;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An IP address written in digits. Names are never looked up.
 *
 * @param number its bits
 * @param bits how many they are: 32 or 128
 */
record IpAddress(BigInteger number, int bits) {
  private static final Pattern FOUR =
      Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})");
  private static final Pattern SIX = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

  /**
   * The address, empty where the text is a name or no address. An IPv4 address within IPv6 is the
   * IPv4 address; numbers with leading zeros are not taken, some read them as octal.
   */
  static Optional<IpAddress> of(String text) {
    Matcher four = FOUR.matcher(text);
    if (four.matches()) {
      byte[] bytes = new byte[four.groupCount()];
      for (int i = 0; i < bytes.length; i++) {
        String part = four.group(i + 1);
        int number = Integer.parseInt(part);
        if (number > 255 || !part.equals(Integer.toString(number))) {
          return Optional.empty();
        }
        bytes[i] = (byte) number;
      }
      return Optional.of(of(bytes));
    }
    if (!SIX.matcher(text).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(of(InetAddress.getByName(text).getAddress()));
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }

  private static IpAddress of(byte[] bytes) {
    return new IpAddress(new BigInteger(1, bytes), bytes.length * Byte.SIZE);
  }

  /** Whether the first {@code prefix} bits are those of another address of the same kind. */
  boolean shares(IpAddress other, int prefix) {
    return bits == other.bits && number.xor(other.number).bitLength() <= bits - prefix;
  }

  boolean isLoopback() {
    return bits == 128 ? number.equals(BigInteger.ONE) : number.shiftRight(24).intValue() == 127;
  }
}
