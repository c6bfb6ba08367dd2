package dev.sweeprunner.cli.status;

import dev.sweeprunner.cli.HumanFormat;
import java.io.PrintStream;
import java.io.Writer;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.SerializableString;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.io.CharacterEscapes;
import tools.jackson.core.io.SerializedString;
import tools.jackson.core.json.JsonFactory;

/**
 * JSON in which what a terminal would obey is written as an escape, and in a page's what a browser
 * would; its readers see no change. Written by the streaming generator alone: data binding would
 * cost most of the time that {@code status} may take.
 */
public final class HarmlessJson extends CharacterEscapes {
  private static final long serialVersionUID = 1;
  private static final int DELETE = 0x7F;
  private static final String MARKUP = "<>&";

  private static final JsonFactory FOR_TERMINALS = factory("");
  private static final JsonFactory FOR_PAGES = factory(MARKUP);

  private final String markup;

  private HarmlessJson(String markup) {
    this.markup = markup;
  }

  private static JsonFactory factory(String markup) {
    return JsonFactory.builder()
        .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
        .characterEscapes(new HarmlessJson(markup))
        .build();
  }

  /** Writes to {@code out}, which stays open. */
  public static JsonGenerator on(PrintStream out) {
    return FOR_TERMINALS.createGenerator(ObjectWriteContext.empty(), out);
  }

  /** Writes to {@code out}, which stays open, what may stand in a page. */
  public static JsonGenerator inPage(Writer out) {
    return FOR_PAGES.createGenerator(ObjectWriteContext.empty(), out);
  }

  /**
   * Writes a member of an object.
   *
   * @param value a number, a text, a truth, null, or lists and maps of such; anything else as its
   *     text
   */
  public static void property(JsonGenerator json, String name, @Nullable Object value) {
    json.writeName(name);
    value(json, value);
  }

  /** Writes a value. */
  public static void value(JsonGenerator json, @Nullable Object value) {
    if (value == null) {
      json.writeNull();
    } else if (value instanceof Boolean truth) {
      json.writeBoolean(truth);
    } else if (value instanceof Integer number) {
      json.writeNumber(number);
    } else if (value instanceof Long number) {
      json.writeNumber(number);
    } else if (value instanceof BigInteger number) {
      json.writeNumber(number);
    } else if (value instanceof Double number) {
      json.writeNumber(number);
    } else if (value instanceof Map<?, ?> map) {
      json.writeStartObject();
      map.forEach((name, member) -> property(json, (String) name, member));
      json.writeEndObject();
    } else if (value instanceof List<?> list) {
      json.writeStartArray();
      list.forEach(element -> value(json, element));
      json.writeEndArray();
    } else {
      json.writeString(value.toString());
    }
  }

  @Override
  public int[] getEscapeCodesForAscii() {
    int[] codes = standardAsciiEscapesForJSON();
    codes[DELETE] = ESCAPE_STANDARD;
    markup.chars().forEach(letter -> codes[letter] = ESCAPE_STANDARD);
    return codes;
  }

  @Override
  public @Nullable SerializableString getEscapeSequence(int ch) {
    String letter = String.valueOf((char) ch);
    String plain = HumanFormat.plain(letter);
    return Character.isSurrogate((char) ch) || plain.equals(letter)
        ? null
        : new SerializedString(plain);
  }
}
