package dev.sweeprunner.bench;

import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.run.Claim;
import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.Claims;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Claims as many of some names as it can get while others do the same. Prints the names it won,
 * after the times at which it began and ended.
 *
 * <p>Usage: {@code ClaimRate ROOT NAMES WORKER GO}; begins once the file GO exists.
 */
public final class ClaimRate {
  private static final String HASH = "0".repeat(64);

  private ClaimRate() {}

  /** See the class comment. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Claims claims = Bench.claims(Path.of(arguments[0]), "worker-" + arguments[2]);
    List<String> names = new ArrayList<>();
    for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
      names.add("%08x".formatted(i * 0x9E3779B1));
    }
    Collections.shuffle(names, new Random(Integer.parseInt(arguments[2])));
    System.out.println("ready");
    while (!Files.exists(Path.of(arguments[3]))) {
      Thread.sleep(5);
    }
    List<String> won = new ArrayList<>();
    long start = System.currentTimeMillis();
    for (String name : names) {
      RunKey key = new RunKey("bench", "rate", name, 1);
      ClaimState state = claims.look(key);
      if (state instanceof ClaimState.Unclaimed || state instanceof ClaimState.Empty) {
        Optional<Claim> claim = claims.claim(key, HASH, state);
        claim.ifPresent(Claim::close);
        claim.ifPresent(held -> won.add(name));
      }
    }
    System.out.println(start + "\t" + System.currentTimeMillis());
    won.forEach(System.out::println);
    System.exit(0);
  }
}
