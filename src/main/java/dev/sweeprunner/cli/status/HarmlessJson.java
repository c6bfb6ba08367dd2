package dev.sweeprunner.cli.status;

import dev.sweeprunner.cli.HumanFormat;
import java.io.PrintStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.SerializableString;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.io.CharacterEscapes;
import tools.jackson.core.io.SerializedString;
import tools.jackson.core.json.JsonFactory;

/** JSON in which what a terminal would obey is written as an escape; its readers see no change. */
final class HarmlessJson extends CharacterEscapes {
  private static final long serialVersionUID = 1;
  private static final int DELETE = 0x7F;

  private HarmlessJson() {}

  /** Writes to {@code out}, which stays open. */
  static JsonGenerator on(PrintStream out) {
    return JsonFactory.builder()
        .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
        .characterEscapes(new HarmlessJson())
        .build()
        .createGenerator(ObjectWriteContext.empty(), out);
  }

  @Override
  public int[] getEscapeCodesForAscii() {
    int[] codes = standardAsciiEscapesForJSON();
    codes[DELETE] = ESCAPE_STANDARD;
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
