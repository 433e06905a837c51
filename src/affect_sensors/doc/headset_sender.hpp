// Copyright 2026 Affect for ROS 2 contributors
// SPDX-License-Identifier: Apache-2.0
//
// Sends what a headset senses to headset_receiver: headset_wire_format.md in C++17, for OpenXR apps
// (Android NDK, Linux). Little-endian processors, which is what headsets have. Axes are OpenXR's,
// times are nanoseconds of one clock of the device, unknown is NaN. Not for use from two threads.
//
//   affect::HeadsetSender sender("192.168.0.10");
//   affect::Gaze gaze;                       // everything unknown
//   gaze.time_ns = time;
//   gaze.left.direction = affect::forward_of(pose.orientation.x, ...y, ...z, ...w);
//   sender.add(gaze);
//   sender.add_face(time, affect::MAGIC_LEAP, weights, 46, affect::CAMERAS);
//   sender.send(now);

#ifndef AFFECT_HEADSET_SENDER_HPP_
#define AFFECT_HEADSET_SENDER_HPP_

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <random>
#include <string>
#include <vector>

namespace affect
{

constexpr float UNKNOWN = NAN;
constexpr std::int64_t UNKNOWN_TIME = INT64_MIN;
using Vector = std::array<float, 3>;
constexpr Vector UNKNOWN_VECTOR = {UNKNOWN, UNKNOWN, UNKNOWN};

enum Lid : std::uint8_t {LID_UNKNOWN = 0, OPEN = 1, CLOSED = 2};
enum ShapeSet : std::uint8_t {ARKIT = 1, MAGIC_LEAP = 2, META = 3, UNIFIED_EXPRESSIONS = 4};
enum FaceSource : std::uint8_t {SOURCE_UNKNOWN = 0, CAMERAS = 1, SOUND = 2};

struct Eye
{
  Lid lid = LID_UNKNOWN;
  Vector direction = UNKNOWN_VECTOR;
  Vector origin_m = UNKNOWN_VECTOR;
  float pupil_x = UNKNOWN, pupil_y = UNKNOWN, pupil_diameter_mm = UNKNOWN;
  float openness = UNKNOWN, squint = UNKNOWN, widening = UNKNOWN, confidence = UNKNOWN;
};

struct Gaze
{
  std::int64_t time_ns = 0;
  std::uint32_t sample = 0;
  float device_delay_s = UNKNOWN;
  Eye left, right;
  Vector direction = UNKNOWN_VECTOR;
  float vergence_distance_m = UNKNOWN, confidence = UNKNOWN;
};

struct HeadPose
{
  std::int64_t time_ns = 0;
  std::uint32_t flags = 1;  // XrSpaceLocationFlags
  Vector position_m = UNKNOWN_VECTOR;
  std::array<float, 4> orientation_xyzw = {0.0F, 0.0F, 0.0F, 1.0F};
  Vector angular_velocity_rad_s = UNKNOWN_VECTOR, linear_velocity_m_s = UNKNOWN_VECTOR;
};

struct Status
{
  std::int64_t time_ns = 0;
  std::uint8_t fit = 0, eye_calibration = 0;  // XrHeadsetFitStatusML, XrEyeCalibrationStatusML
  float interpupillary_distance_mm = UNKNOWN;
  std::int64_t fit_changed_ns = UNKNOWN_TIME, eye_calibration_changed_ns = UNKNOWN_TIME;
  float battery_fraction = UNKNOWN;
};

// The forward axis of an orientation: the direction of an OpenXR gaze pose.
inline Vector forward_of(float x, float y, float z, float w)
{
  return {-2.0F * (x * z + w * y), -2.0F * (y * z - w * x), -1.0F + 2.0F * (x * x + y * y)};
}

class HeadsetSender
{
public:
  explicit HeadsetSender(const std::string & address, std::uint16_t port = 14560)
  : socket_(::socket(AF_INET, SOCK_DGRAM, 0))
  {
    std::random_device random;
    session = static_cast<std::uint64_t>(random()) << 32 | random();
    to_.sin_family = AF_INET;
    to_.sin_port = htons(port);
    is_open = socket_ >= 0 && inet_pton(AF_INET, address.c_str(), &to_.sin_addr) == 1;
  }
  ~HeadsetSender() {if (socket_ >= 0) {::close(socket_);}}
  HeadsetSender(const HeadsetSender &) = delete;
  HeadsetSender & operator=(const HeadsetSender &) = delete;

  void add(const Gaze & gaze)
  {
    begin(1);
    put(gaze.time_ns, gaze.sample, gaze.device_delay_s, gaze.left.lid, gaze.right.lid);
    put(std::uint16_t{0});
    for (const Eye * eye : {&gaze.left, &gaze.right}) {
      put(eye->direction, eye->origin_m, eye->pupil_x, eye->pupil_y, eye->pupil_diameter_mm);
      put(eye->openness, eye->squint, eye->widening, eye->confidence);
    }
    put(gaze.direction, gaze.vergence_distance_m, gaze.confidence);
    end();
  }

  void add_face(
    std::int64_t time_ns, ShapeSet set, const float * weights, std::uint8_t count,
    FaceSource source = SOURCE_UNKNOWN, bool eye_look_from_gaze = false,
    float upper_confidence = UNKNOWN, float lower_confidence = UNKNOWN)
  {
    begin(2);
    put(time_ns, upper_confidence, lower_confidence, set, source);
    put(static_cast<std::uint8_t>(eye_look_from_gaze), count);
    for (int i = 0; i < count; ++i) {put(weights[i]);}
    end();
  }

  void add(const HeadPose & pose)
  {
    begin(3);
    put(pose.time_ns, pose.flags, pose.position_m, pose.orientation_xyzw);
    put(pose.angular_velocity_rad_s, pose.linear_velocity_m_s);
    end();
  }

  void add_inertial(
    std::int64_t time_ns, const Vector & angular_velocity_rad_s,
    const Vector & linear_acceleration_m_s2)
  {
    begin(4);
    put(time_ns, angular_velocity_rad_s, linear_acceleration_m_s2);
    end();
  }

  void add(const Status & status)
  {
    begin(5);
    put(status.time_ns, status.fit, status.eye_calibration, std::uint16_t{0});
    put(status.interpupillary_distance_mm, status.fit_changed_ns);
    put(status.eye_calibration_changed_ns, status.battery_fraction);
    end();
  }

  void add_device_name(const std::string & name)
  {
    begin(6);
    const std::size_t length = name.size() < 64 ? name.size() : 64;
    record_.insert(record_.end(), name.begin(), name.begin() + static_cast<long>(length));
    end();
  }

  // The datagrams that hold what was added; now_ns is the device's clock.
  std::vector<std::vector<std::uint8_t>> datagrams(std::int64_t now_ns)
  {
    std::vector<std::vector<std::uint8_t>> made;
    for (const auto & record : records_) {
      if (made.empty() || made.back().size() + record.size() > 1200) {
        record_.clear();
        put(std::array<char, 4>{'A', 'F', 'H', 'M'}, std::uint8_t{1}, std::uint8_t{0});
        put(std::uint16_t{32}, session, sequence++, flags, now_ns);
        made.push_back(record_);
      }
      made.back().insert(made.back().end(), record.begin(), record.end());
    }
    records_.clear();
    return made;
  }

  // UDP: what can't be sent is lost, and the app goes on.
  void send(std::int64_t now_ns)
  {
    for (const auto & datagram : datagrams(now_ns)) {
      ::sendto(
        socket_, datagram.data(), datagram.size(), MSG_DONTWAIT,
        reinterpret_cast<const sockaddr *>(&to_), sizeof(to_));
    }
  }

  bool is_open = false;
  std::uint64_t session = 0;
  std::uint32_t sequence = 0;
  std::uint32_t flags = 0;  // 1: simulation, no person was there

private:
  template<typename ... Values>
  void put(const Values & ... values)
  {
    (put_one(values), ...);
  }
  template<typename Value>
  void put_one(const Value & value)
  {
    const auto * bytes = reinterpret_cast<const std::uint8_t *>(&value);
    record_.insert(record_.end(), bytes, bytes + sizeof(value));
  }
  void begin(std::uint16_t type)
  {
    record_.clear();
    put(type, std::uint16_t{0});
  }
  void end()
  {
    const auto length = static_cast<std::uint16_t>(record_.size() - 4);
    std::memcpy(record_.data() + 2, &length, sizeof(length));
    records_.push_back(record_);
  }

  int socket_;
  sockaddr_in to_ = {};
  std::vector<std::uint8_t> record_;
  std::vector<std::vector<std::uint8_t>> records_;
};

}  // namespace affect

#endif  // AFFECT_HEADSET_SENDER_HPP_
