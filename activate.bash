# A shell in which `ros2 ...` works:  source activate.bash
#
# With a ROS 2 distribution sourced, this adds the workspace (and its Python dependencies) on top.
# Without, ROS 2 itself comes from the wheels in .venv, and what PyPI lacks from .underlay.
_affect_root="$(cd "$(dirname "${BASH_SOURCE[0]:-$0}")" && pwd)"

_affect_prepend() {  # NAME DIRECTORY: once, and only if it exists
  [ -d "$2" ] || return 0
  case ":${!1}:" in
    *":$2:"*) ;;
    *) export "$1=$2${!1:+:${!1}}" ;;
  esac
}

if [ -f "$_affect_root/.venv/bin/activate" ]; then
  VIRTUAL_ENV_DISABLE_PROMPT=1 . "$_affect_root/.venv/bin/activate"
else
  echo "activate.bash: there is no .venv yet; run 'make setup' first" >&2
fi
if [ -d "$_affect_root/.venv/share/rclpy" ]; then
  export ROS_DISTRO="$(cat "$_affect_root/.venv/.affect_ros_distro" 2>/dev/null || echo jazzy)"
  export ROS_VERSION=2 ROS_PYTHON_VERSION=3
  _affect_prepend AMENT_PREFIX_PATH "$_affect_root/.venv"
  _affect_prepend CMAKE_PREFIX_PATH "$_affect_root/.venv"
  _affect_prepend LD_LIBRARY_PATH "$_affect_root/.venv/lib"
fi
for _affect_prefix in "$_affect_root/.underlay/install" "$_affect_root/install"; do
  if [ -f "$_affect_prefix/local_setup.bash" ]; then
    . "$_affect_prefix/local_setup.bash"
  fi
done
unset -f _affect_prepend
unset _affect_root _affect_prefix
