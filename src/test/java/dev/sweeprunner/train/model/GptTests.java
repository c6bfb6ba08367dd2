package dev.sweeprunner.train.model;

import dev.sweeprunner.train.cpu.CpuBackEnd;

class GptTests extends GptContract {
  GptTests() {
    super(new CpuBackEnd(2));
  }
}
