import { defineConfig } from "vite";

// Fixed names and a relative base: the server looks the files up in a dict, and the app works under any prefix.
export default defineConfig({
  base: "./",
  build: {
    outDir: "../src/snowdome/static",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1000,
    rolldownOptions: {
      output: {
        entryFileNames: "assets/app.js",
        chunkFileNames: "assets/[name].js",
        assetFileNames: "assets/[name][extname]",
      },
    },
  },
});
