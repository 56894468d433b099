#!/usr/bin/env bash
# How src/demo/media was made: 24 s of test picture and tone, two renditions,
# HLS with fragmented MP4 segments of 2 s (not MPEG-TS: the compiler would take
# those .ts files for its own). Needs ffmpeg with libx264; nothing in the build runs this.
set -euo pipefail
cd "$(dirname "$0")"
rm -rf media
mkdir -p media
ffmpeg -hide_banner -loglevel error -y \
  -f lavfi -i 'testsrc2=size=640x360:rate=25:duration=24' \
  -f lavfi -i 'sine=frequency=440:beep_factor=4:sample_rate=48000:duration=24' \
  -filter_complex '[0:v]split=2[a][b];[b]scale=320:180[small]' \
  -map '[a]' -map 1:a -map '[small]' -map 1:a \
  -c:v libx264 -preset slow -pix_fmt yuv420p -profile:v main -g 50 -keyint_min 50 -sc_threshold 0 \
  -b:v:0 700k -maxrate:v:0 800k -bufsize:v:0 1400k \
  -b:v:1 250k -maxrate:v:1 300k -bufsize:v:1 500k \
  -c:a aac -ac 2 -b:a:0 96k -b:a:1 64k \
  -map_metadata -1 -fflags +bitexact -flags:v +bitexact -flags:a +bitexact \
  -f hls -hls_segment_type fmp4 -hls_fmp4_init_filename init.mp4 -hls_time 2 -hls_playlist_type vod -hls_flags independent_segments \
  -var_stream_map 'v:0,a:0,name:360p v:1,a:1,name:180p' \
  -master_pl_name master.m3u8 \
  -hls_segment_filename 'media/%v/segment-%03d.m4s' 'media/%v/index.m3u8'
