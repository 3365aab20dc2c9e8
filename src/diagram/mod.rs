//! The drawing as data: what is shown where, in world units, for screen, SVG and PDF alike.
//!
//! [`build`] makes a [`scene::Scene`] of one phase of an analysis, or of a part of it; [`layout`] says
//! where things stand, [`route`] how one line runs and [`roads`] how many do, [`order`] which sites stand beside each other, [`text`] how wide words are (with the shipped font, without any
//! window), [`symbols`] the program's own signs, [`overlay`] the way of one message, [`measured`] what live
//! checks say of what, [`svg`] writes
//! a scene, [`raster`] makes a picture of it. Colours are [`ink::Ink`]s; who paints decides what they look like.

pub mod answers;
pub mod build;
pub mod difference;
pub mod geometry;
pub mod hull;
pub mod ink;
mod labels;
pub mod layout;
pub mod measured;
pub mod order;
pub mod overlay;
pub mod raster;
pub mod roads;
pub mod route;
pub mod scene;
pub mod svg;
pub mod symbols;
pub mod text;
mod verdicts;
pub mod ways;
