export const howToGetInterpreter =
  "build Espruino's Linux target: https://github.com/espruino/Espruino/blob/master/README_Building.md";
