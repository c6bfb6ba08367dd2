package dev.sweeprunner.wandb.offline;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Fields of a protocol buffer message without its schema: a varint as a {@link Long}, anything with
 * a length as bytes.
 */
final class ProtobufReader {
  private final List<Field> fields = new ArrayList<>();

  /** One field of a message. */
  private record Field(long number, Object value) {}

  ProtobufReader(byte[] message) {
    ByteBuffer in = ByteBuffer.wrap(message);
    while (in.hasRemaining()) {
      long tag = varint(in);
      if (tag % 8 == 0) {
        fields.add(new Field(tag / 8, varint(in)));
      } else if (tag % 8 == 2) {
        byte[] bytes = new byte[Math.toIntExact(varint(in))];
        in.get(bytes);
        fields.add(new Field(tag / 8, bytes));
      } else {
        throw new AssertionError("wire type " + tag % 8);
      }
    }
  }

  /** Numbers of the fields as they stand. */
  List<Long> numbers() {
    return fields.stream().map(Field::number).toList();
  }

  long number(long field) {
    return (Long) all(field).get(0);
  }

  String text(long field) {
    return texts(field).get(0);
  }

  List<String> texts(long field) {
    return all(field).stream().map(value -> new String((byte[]) value, UTF_8)).toList();
  }

  ProtobufReader message(long field) {
    return messages(field).get(0);
  }

  List<ProtobufReader> messages(long field) {
    return all(field).stream().map(value -> new ProtobufReader((byte[]) value)).toList();
  }

  private List<Object> all(long field) {
    return fields.stream().filter(f -> f.number() == field).map(Field::value).toList();
  }

  private static long varint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = in.get();
      value += (long) (next & 127) << shift;
      if (next >= 0) {
        return value;
      }
    }
  }
}
