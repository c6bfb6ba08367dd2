package dev.sweeprunner.run;

import dev.sweeprunner.config.RunKey;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Claims that can only be listed. */
public final class ListedClaims implements Claims {
  public final Set<String> ended = new HashSet<>();
  public final Set<String> locked = new HashSet<>();
  public int listings;

  @Override
  public Listing list(String project) {
    listings++;
    return new Listing(Set.copyOf(ended), Set.copyOf(locked));
  }

  @Override
  public ClaimState look(RunKey key) {
    throw new AssertionError("only listings are scripted");
  }

  @Override
  public Optional<Claim> claim(RunKey key, String configSha256, ClaimState basis) {
    throw new AssertionError("only listings are scripted");
  }

  @Override
  public void conclude(RunKey key) {
    throw new AssertionError("only listings are scripted");
  }

  @Override
  public Optional<LogEnd> reset(RunKey key) {
    throw new AssertionError("only listings are scripted");
  }

  @Override
  public EarlierTraces earlier(RunKey key, @Nullable Goal goal) {
    throw new AssertionError("only listings are scripted");
  }

  @Override
  public List<LogEnd> history(RunKey key) {
    throw new AssertionError("only listings are scripted");
  }

  @Override
  public List<Finding> findings() {
    return List.of();
  }
}
