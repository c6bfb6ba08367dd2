package dev.sweeprunner.testkit.wandb;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Who may do what: keys and entities. */
public final class Accounts {
  private static final Pattern SECRET = Pattern.compile("[\\w-]{40,}");

  private final String defaultEntity;
  private final Set<String> entities = ConcurrentHashMap.newKeySet();
  private final Set<String> keys = ConcurrentHashMap.newKeySet();
  private final Set<String> forbidden = ConcurrentHashMap.newKeySet();

  Accounts(String defaultEntity) {
    this.defaultEntity = defaultEntity;
    entities.add(defaultEntity);
  }

  /** Adds an entity. */
  public void addEntity(String entity) {
    entities.add(entity);
  }

  /** Accepts this key; from the first call on, only such keys. */
  public void accept(String key) {
    keys.add(key);
  }

  /** Lets a key that is right otherwise do nothing in that entity. */
  public void forbid(String key, String entity) {
    forbidden.add(key + " " + entity);
  }

  String defaultEntity() {
    return defaultEntity;
  }

  boolean knows(String entity) {
    return entities.contains(entity);
  }

  boolean mayUse(String key, String entity) {
    return !forbidden.contains(key + " " + entity);
  }

  /** The key in an Authorization header if it is a right one, else null. */
  @Nullable String keyOf(@Nullable String header) {
    if (header == null || !header.startsWith("Basic ")) {
      return null;
    }
    String pair;
    try {
      byte[] bytes = Base64.getDecoder().decode(header.substring("Basic ".length()).trim());
      pair = new String(bytes, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notBase64) {
      return null;
    }
    if (!pair.startsWith("api:")) {
      return null;
    }
    String key = pair.substring("api:".length());
    return isRight(key) ? key : null;
  }

  private boolean isRight(String key) {
    if (!keys.isEmpty()) {
      return keys.contains(key);
    }
    int dash = key.indexOf('-');
    return SECRET.matcher(key).matches() || SECRET.matcher(key.substring(dash + 1)).matches();
  }
}
