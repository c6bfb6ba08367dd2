package dev.sweeprunner.wandb.settings;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The hosts that are reached without a proxy, by the rules of Go's {@code net/http}, in which the
 * official client is written:
 *
 * <ul>
 *   <li>entries are parted by commas; case and blanks around them do not matter
 *   <li>{@code *} alone: every host
 *   <li>{@code example.org}: that host and all below it; {@code .example.org} and {@code
 *       *.example.org}: only those below it
 *   <li>an IP address, or a range such as {@code 10.0.0.0/8}: hosts written as such an address; a
 *       name is never looked up
 *   <li>{@code :port} after a name or address ({@code [::1]:80} for IPv6): only that port
 *   <li>{@code localhost} and loopback addresses: always, whatever the list says
 * </ul>
 */
final class NoProxy {
  private static final Pattern RANGE = Pattern.compile("([^/]+)/(\\d{1,3})");
  private static final Pattern WITH_PORT =
      Pattern.compile("(?:\\[([^\\]]*)\\]|([^:\\[\\]]*)):([^:]*)");

  private final List<Predicate<Target>> entries;

  /**
   * The host of a request.
   *
   * @param host in small letters, without brackets
   */
  private record Target(String host, Optional<IpAddress> address, int port) {}

  /** The hosts of a list as {@code NO_PROXY} holds it. */
  NoProxy(String list) {
    this.entries =
        Arrays.stream(list.toLowerCase(Locale.ROOT).split(",", -1))
            .map(String::strip)
            .filter(entry -> !entry.isEmpty())
            .map(NoProxy::entry)
            .toList();
  }

  /**
   * Whether a host is reached directly.
   *
   * @param host name or address, IPv6 with or without brackets
   * @param port of the request, also where the address leaves it out
   */
  boolean covers(String host, int port) {
    String bare = host.replaceAll("^\\[|\\]$", "").toLowerCase(Locale.ROOT);
    Target target = new Target(bare, IpAddress.of(bare), port);
    return bare.equals("localhost")
        || target.address().filter(IpAddress::isLoopback).isPresent()
        || entries.stream().anyMatch(entry -> entry.test(target));
  }

  private static Predicate<Target> entry(String entry) {
    if (entry.equals("*")) {
      return target -> true;
    }
    Matcher range = RANGE.matcher(entry);
    if (range.matches()) {
      Optional<IpAddress> base = IpAddress.of(range.group(1));
      int prefix = Integer.parseInt(range.group(2));
      if (base.isPresent() && prefix <= base.get().bits()) {
        return target -> target.address().filter(a -> a.shares(base.get(), prefix)).isPresent();
      }
    }
    Matcher parts = WITH_PORT.matcher(entry);
    if (!parts.matches()) {
      return host(entry);
    }
    String port = parts.group(3);
    String name = parts.group(1) != null ? parts.group(1) : parts.group(2);
    return port.isEmpty()
        ? host(name)
        : host(name).and(target -> port.equals(Integer.toString(target.port())));
  }

  private static Predicate<Target> host(String name) {
    Optional<IpAddress> address = IpAddress.of(name);
    if (address.isPresent()) {
      return target -> target.address().equals(address);
    }
    String pattern = name.startsWith("*.") ? name.substring(1) : name;
    if (pattern.isEmpty()) {
      return target -> false;
    }
    return pattern.startsWith(".")
        ? target -> target.host().endsWith(pattern)
        : target -> target.host().equals(pattern) || target.host().endsWith("." + pattern);
  }
}
