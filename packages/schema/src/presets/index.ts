/**
 * Answers to the questions on which the sources disagree, as data: lifecycle, gates, thresholds and layout per way of planning.
 *
 * @packageDocumentation
 */
export {
  type CriticalZeroRule,
  type LifecycleTransition,
  type Preset,
  type PresetLayout,
  type PresetThresholds,
  type PresetName,
  presetNames,
} from "./preset.ts";
export { isPresetName, presets } from "./presets.ts";
