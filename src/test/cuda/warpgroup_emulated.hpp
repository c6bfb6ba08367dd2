// What warpgroup.cuh promises, on the emulator: products by four warps. Each warp's 16 rows are its own
// affair, so the four need not meet; the operands in shared memory are found as the hardware finds them,
// through the distances and the swizzle of their descriptors.
//
// A product that was begun is done when its group is waited for, which is the latest that it may be, or,
// as Settings::order says, at once, which is the earliest: whoever reads its sums or writes to its
// operands in between gets another result in one of the two.
#pragma once

namespace emulator {

struct Product {
  float (*sums)[4];
  int columns;  // of the sums, in eights
  bool in_registers;
  u32 registers[4];  // the first operand, else:
  u64 first;
  u64 second;
  bool first_turned;  // the operand's rows run across the inner dimension
  bool turned;        // the second's
  bool add;
  u64 group;
};

bool products_at_once();
void check_operand(u64 descriptor, size_t first, size_t last);

// Two neighbours along the inner dimension of an operand; i counts along the other one.
inline u32 element_pair(u64 descriptor, bool turned, int i, int inner) {
  size_t start = (descriptor & 0x3fff) << 4;
  size_t leading = (descriptor >> 16 & 0x3fff) << 4;
  size_t stride = (descriptor >> 32 & 0x3fff) << 4;
  u16 pair[2];
  for (int j = 0; j < 2; j++) {
    int k = inner + j;
    size_t at = turned ? i / 64 * leading + k / 8 * stride + k % 8 * 128 + i % 64 * 2
                       : i / 8 * stride + i % 8 * 128 + k * 2;
    size_t place = start + at;
    place ^= (place >> 3) & 0x70;  // the chunk of 16 bytes, by the row of 128
    check_operand(descriptor, place, place + 2);
    memcpy(&pair[j], shared + place, 2);
  }
  return pair[0] | (u32)pair[1] << 16;
}

}  // namespace emulator

DEVICE u64 operand(const void* at, int leading, int stride) {
  u64 address = (u64)((const unsigned char*)at - emulator::shared);
  return (address & 0x3ffff) >> 4 | (u64)(leading >> 4) << 16 | (u64)(stride >> 4) << 32 |
         (u64)1 << 62;
}

DEVICE void copies_for_products() {}
DEVICE void product_fence() {}
DEVICE void product_commit() { emulator::current->product_group++; }

inline void emulator_multiply(const emulator::Product& product) {
  const int lane = emulator::current->index;
  const int g = lane >> 2;
  const int t = 2 * (lane & 3);
  const int row = (emulator::current->thread >> 5 & 3) * 16 + g;
  u32 a[4];
  for (int i = 0; i < 4; i++) {
    a[i] = product.in_registers ? product.registers[i]
                                : emulator::element_pair(product.first, product.first_turned, row + 8 * (i & 1),
                                                         t + 8 * (i >> 1));
  }
  for (int column = 0; column < product.columns; column++) {
    float(&d)[4] = product.sums[column];
    if (!product.add) d[0] = d[1] = d[2] = d[3] = 0;
    int at = column * 8 + g;
    mma_bf16(d, a, emulator::element_pair(product.second, product.turned, at, t),
             emulator::element_pair(product.second, product.turned, at, t + 8));
  }
}

inline void emulator_begin(emulator::Product product) {
  product.group = emulator::current->product_group;
  if (emulator::products_at_once()) {
    emulator_multiply(product);
  } else {
    emulator::current->products.push_back(product);
  }
}

template <int newest>
inline void product_wait() {
  auto& lane = *emulator::current;
  size_t done = 0;
  for (; done < lane.products.size() && lane.products[done].group + newest < lane.product_group;
       done++) {
    emulator_multiply(lane.products[done]);
  }
  lane.products.erase(lane.products.begin(), lane.products.begin() + done);
}

inline void begin_product(float (&d)[8][4], u64 a, u64 b, bool add) {
  emulator_begin({d, 8, false, {0, 0, 0, 0}, a, b, false, false, add, 0});
}

template <bool A_TURNED, bool B_TURNED>
inline void begin_product(float (&d)[16][4], u64 a, u64 b) {
  emulator_begin({d, 16, false, {0, 0, 0, 0}, a, b, A_TURNED, B_TURNED, true, 0});
}

template <int N>
inline void begin_product_turned(float (&d)[N][4], const u32 (&a)[4], u64 b) {
  emulator_begin({d, N, true, {a[0], a[1], a[2], a[3]}, 0, b, false, true, true, 0});
}
