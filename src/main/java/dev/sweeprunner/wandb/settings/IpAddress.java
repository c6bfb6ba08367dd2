package dev.sweeprunner.wandb.settings;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An IP address written in digits. Names are never looked up. */
final class IpAddress {
  private static final Pattern FOUR =
      Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})");
  private static final Pattern SIX = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");
  private static final int BITS = 8;

  private final byte[] bytes;

  private IpAddress(byte[] bytes) {
    this.bytes = bytes;
  }

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
      return Optional.of(new IpAddress(bytes));
    }
    if (!SIX.matcher(text).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new IpAddress(InetAddress.getByName(text).getAddress()));
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }

  int bits() {
    return bytes.length * BITS;
  }

  /** Whether the first {@code prefix} bits are those of another address of the same kind. */
  boolean shares(IpAddress other, int prefix) {
    if (bytes.length != other.bytes.length) {
      return false;
    }
    for (int bit = 0; bit < prefix; bit++) {
      int mask = 0x80 >> (bit % BITS);
      if (((bytes[bit / BITS] ^ other.bytes[bit / BITS]) & mask) != 0) {
        return false;
      }
    }
    return true;
  }

  boolean isLoopback() {
    return bytes.length == 4
        ? bytes[0] == 127
        : bytes[bytes.length - 1] == 1 && shares(new IpAddress(new byte[bytes.length]), 127);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof IpAddress address && Arrays.equals(bytes, address.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }
}
