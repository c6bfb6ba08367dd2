package dev.sweeprunner.config;

/** From canonical JSON to the 32 bits of a run id; a test puts a narrow one here. */
@FunctionalInterface
interface RunIdHash {
  /** The identity's hash: BLAKE2s with a digest of four bytes, the first byte highest. */
  RunIdHash BLAKE2S =
      data -> {
        byte[] digest = Blake2s.digest(data, 4);
        return (digest[0] & 0xff) << 24
            | (digest[1] & 0xff) << 16
            | (digest[2] & 0xff) << 8
            | (digest[3] & 0xff);
      };

  /** The id bits of canonical JSON. Called by several threads at once. */
  int bits(byte[] json);
}
