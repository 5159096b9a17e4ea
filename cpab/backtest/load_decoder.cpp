#include "cpab/backtest/load_decoder.h"

namespace cpab {
namespace {

using Path = ScenarioFields::Path;

/// Reads the parts of a load, one element of the list after the other.
class LoadDecoder {
 public:
  LoadDecoder(ScenarioFields& fields, std::vector<LoadPart>& parts)
      : fields_(fields), parts_(parts) {}

  void part(const Node& node, Path path) {
    const std::size_t before = parts_.size();
    fields_.object(node, path, kinds());
    if (parts_.size() > before + 1) {
      fields_.decoder().complain(node, path, path + " has several parts", "begin each with a dash");
    }
  }

 private:
  std::vector<Field> kinds() {
    return {
        {"constant",
         [this](const Node& node, Path path) {
           parts_.emplace_back(ConstantLoad{fields_.number_of(node, path).value_or(0)});
         }},
        shape("step", StepLoad{},
              [this](StepLoad& load) {
                return std::vector{fields_.duration("at", load.at),
                                   fields_.number("height", load.height)};
              }),
        shape("ramp", RampLoad{},
              [this](RampLoad& load) {
                return std::vector{fields_.duration("from", load.from),
                                   fields_.duration("to", load.to),
                                   fields_.number("height", load.height)};
              }),
        shape("sine", SineLoad{},
              [this](SineLoad& load) {
                return std::vector{fields_.period("period", load.period),
                                   fields_.duration("peak", load.peak),
                                   fields_.number("height", load.height)};
              }),
        shape("spike", SpikeLoad{},
              [this](SpikeLoad& load) {
                return std::vector{fields_.duration("at", load.at),
                                   fields_.number("height", load.height),
                                   fields_.period("halfLife", load.half_life)};
              }),
        shape("crowd", CrowdLoad{},
              [this](CrowdLoad& load) {
                return std::vector{
                    fields_.duration("at", load.at), fields_.number("height", load.height),
                    fields_.duration("rise", load.rise), fields_.duration("hold", load.hold)};
              }),
        shape("noise", NoiseLoad{},
              [this](NoiseLoad& load) {
                return std::vector{fields_.number("deviation", load.deviation),
                                   fields_.period("every", load.every), fields_.seed(load.seed)};
              }),
        {"csv", [this](const Node& node, Path path) { csv(node, path); }},
    };
  }

  /// A part whose keys `members(part)` fill.
  template <typename Part, typename Members>
  Field shape(const char* name, Part part, Members members) {
    return {name, [this, part, members](const Node& node, Path path) mutable {
              fields_.object(node, path, members(part));
              parts_.emplace_back(part);
            }};
  }

  void csv(const Node& node, Path path) {
    fields_.file(node, path, "give a file of rows timestamp,value",
                 [this](const std::string& text) { parts_.emplace_back(parse_load_csv(text)); });
  }

  ScenarioFields& fields_;
  std::vector<LoadPart>& parts_;
};

}  // namespace

Field load_field(ScenarioFields& fields, std::vector<LoadPart>& target) {
  return {"load", [&fields, &target](const Node& node, Path path) {
            LoadDecoder decoder(fields, target);
            fields.list(node, path,
                        [&](const Node& element, Path at) { decoder.part(element, at); });
          }};
}

}  // namespace cpab
